import type { z } from 'zod'
import { Refusal, type RefusalError } from './refusal.ts'

/**
 * Reads foreign input by its schema.
 * @throws Refusal with `status` and every member that is not as the schema says, by its pointer
 */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
  where: { status: number; code: string; detail: string; prefix: '' | '?' },
): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap((issue) => describeIssue(issue, where.prefix))
  throw new Refusal(where.status, where.code, where.detail, { errors })
}

function describeIssue(issue: z.core.$ZodIssue, prefix: '' | '?'): RefusalError[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ pointer: toPointer(issue.path, prefix), detail: issue.message, code: issue.code.replaceAll('_', '-') }]
  return issue.keys.map((key) => ({
    pointer: toPointer([...issue.path, key], prefix),
    detail: 'There is no member of this name.',
    code: 'member-unknown',
  }))
}

/** RFC 6901; for parameters `?name`. */
function toPointer(path: readonly PropertyKey[], prefix: '' | '?'): string {
  const parts = path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
  return prefix === '?' ? `?${parts.join('/')}` : parts.map((part) => `/${part}`).join('')
}

/** Nothing that a schema describes is nested deeper; more would overflow the stack of whoever walks through it. */
const MOST_DEPTH = 32

/** Text that no database column and no file can hold: NUL, and half a surrogate pair. */
export function refuseUnsafeText(value: unknown, prefix: '' | '?'): void {
  const errors: RefusalError[] = []
  look(value, [])
  if (errors.length > 0)
    throw new Refusal(422, 'text-unsafe', 'The request holds text that cannot be stored.', { errors })

  function look(part: unknown, path: readonly PropertyKey[]): void {
    if (typeof part === 'string') {
      if (isSafe(part)) return
      errors.push({ pointer: toPointer(path, prefix), detail: 'NUL or half a character.', code: 'text-unsafe' })
    } else if (path.length > MOST_DEPTH) throw new Refusal(422, 'body-too-deep', 'The request is nested too deeply.')
    else if (typeof part === 'object' && part !== null)
      for (const [key, member] of Object.entries(part)) {
        if (!isSafe(key))
          errors.push({ pointer: toPointer(path, prefix), detail: 'A member has an unsafe name.', code: 'text-unsafe' })
        else look(member, [...path, key])
      }
  }
}

function isSafe(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
