import { AppError } from '../model/app-error.ts'
import type { AnswerPhone, PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'
import { judgeRequest, refuse, type Rules, type Verdict } from './judge-request.ts'

export type Desk = Rules & {
  /** Keeps what came of a request, for the story; takes no time. */
  note: (request: PhoneRequest, verdict: Verdict) => void
}

/**
 * Answers a phone. Every refusal is null, whatever the reason: that goes beside it, into the phone's story.
 * @throws AppError when it cannot be known: `database-unreachable`, or why the file cannot be rendered
 */
export function answerPhone(desk: Desk, request: PhoneRequest): ReturnType<AnswerPhone> {
  let verdict: Verdict | Promise<Verdict>
  try {
    verdict = judgeRequest(desk, request)
  } catch (error) {
    verdict = explain(error)
  }
  // Without a promise the way out is without one too: a phone that is in memory is answered at once.
  return verdict instanceof Promise
    ? verdict.catch(explain).then((found) => finish(desk, request, found))
    : finish(desk, request, verdict)
}

function finish(desk: Desk, request: PhoneRequest, verdict: Verdict): PhoneAnswer | null {
  desk.note(request, verdict)
  if (verdict.answer instanceof AppError) throw verdict.answer
  return verdict.answer
}

/** @throws what is no AppError: a mistake of ours is nothing that came of the request */
function explain(error: unknown): Verdict {
  if (!(error instanceof AppError)) throw error
  const outcome = error.code === 'database-unreachable' ? 'database-away' : 'failed'
  return { ...refuse(outcome, null, null), answer: error }
}
