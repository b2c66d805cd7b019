import type { Problem } from '../../model/problem.ts'
import { Refusal, type RefusalError } from './refusal.ts'

/** Nothing when there are none. @throws Refusal 422 with every problem by the member of the body that it is about */
export function refuseProblems(problems: readonly Problem[], detail: string): void {
  if (problems.length > 0) throw new Refusal(422, 'people-invalid', detail, { errors: problems.map(describeProblem) })
}

function describeProblem({ row, field, code, message, suggestion, repair }: Problem): RefusalError {
  const cure = { ...(suggestion !== undefined && { suggestion }), ...(repair !== undefined && { repair }) }
  return { pointer: field === '' ? '' : `/${field}`, detail: message, code, row, field, ...cure }
}
