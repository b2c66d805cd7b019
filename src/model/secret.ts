import { inspect } from 'node:util'

const MASK = '***'

/**
 * A value that must not be printed: string conversion, JSON and console show `***`.
 * It lives in the model because plans carry secrets as values; sealing them is the business of `secrets/`.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The plain text. Call it only where the value leaves for its purpose: a row, a config, a digest. */
  reveal(): string {
    return this.#value
  }

  equals(other: unknown): boolean {
    return other instanceof Secret && other.#value === this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}
