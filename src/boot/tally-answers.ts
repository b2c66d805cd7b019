import type { AnswerPhone, PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'

type Transport = PhoneRequest['transport']

/** How often phones were answered. `family` is `none` where nobody's file was found. */
export type AnswerCount = {
  transport: Transport
  result: 'served' | 'refused' | 'failed'
  family: string
  count: number
}

class Tally {
  readonly served = new Map<string, { count: number }>()
  refused = 0
  failed = 0
  readonly fail = (error: unknown): never => {
    this.failed++
    throw error
  }
}

/** Counts what `answer` answers. This runs for every request of every phone, so it is two look-ups and an addition. */
export function tallyAnswers(answer: AnswerPhone): { answer: AnswerPhone; read: () => AnswerCount[] } {
  const tallies = { http: new Tally(), https: new Tally(), tftp: new Tally() }
  const note = (tally: Tally, found: PhoneAnswer | null) => {
    if (!found) {
      tally.refused++
      return found
    }
    const family = found.family ?? 'none'
    const served = tally.served.get(family)
    if (served) served.count++
    else tally.served.set(family, { count: 1 })
    return found
  }
  return {
    answer(request) {
      const tally = tallies[request.transport]
      try {
        const found = answer(request)
        return found instanceof Promise ? found.then((each) => note(tally, each), tally.fail) : note(tally, found)
      } catch (error) {
        return tally.fail(error)
      }
    },
    read: () =>
      (Object.keys(tallies) as Transport[]).flatMap((transport): AnswerCount[] => {
        const { served, refused, failed } = tallies[transport]
        return [
          ...[...served].map(([family, { count }]) => ({ transport, result: 'served' as const, family, count })),
          { transport, result: 'refused', family: 'none', count: refused },
          { transport, result: 'failed', family: 'none', count: failed },
        ]
      }),
  }
}
