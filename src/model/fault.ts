import type { Problem } from './problem.ts'

/** Why a text is not the noun it should be: a {@link Problem} before anybody knows its row and field. */
export class Fault {
  /** Stable, kebab-case. */
  readonly code: string
  /** What was found. Never holds the plain text of a secret. */
  readonly message: string
  /** What would be right. */
  readonly suggestion: string | undefined

  constructor(code: string, message: string, suggestion?: string) {
    this.code = code
    this.message = message
    this.suggestion = suggestion
  }
}

/** Makes a fault a problem: says where it was found. `row` and `field` as in {@link Problem}. */
export function placeFault(fault: Fault, row: number, field: string): Problem {
  return { row, field, code: fault.code, message: fault.message, suggestion: fault.suggestion }
}
