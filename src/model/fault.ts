import type { Problem } from './problem.ts'

/** Why a text is not the noun it should be: a {@link Problem} before anybody knows its row and field. */
export class Fault {
  /** Stable, kebab-case. */
  readonly code: string
  /** What was found. Never holds the plain text of a secret. */
  readonly message: string
  /** What would be right. */
  readonly suggestion: string | undefined
  /** The text that would cure it, where that follows from what is there. */
  readonly repair: string | undefined

  constructor(code: string, message: string, suggestion?: string, repair?: string) {
    this.code = code
    this.message = message
    this.suggestion = suggestion
    this.repair = repair
  }
}

/** Makes a fault a problem: says where it was found. `row`, `field` and `found` as in {@link Problem}. */
export function placeFault(fault: Fault, row: number, field: string, found = ''): Problem {
  const problem = { row, field, code: fault.code, message: fault.message, suggestion: fault.suggestion }
  return fault.repair === undefined ? problem : { ...problem, repair: fault.repair, found }
}
