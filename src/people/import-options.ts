import type { ImportOptions } from './open-import.ts'

const SECRET_FIELDS: readonly string[] = ['voicemail_pin', 'password']

/** For the history: what was asked for, less what nobody shall read there. */
export function describeOptions({ set, ...options }: ImportOptions): Record<string, unknown> {
  const shown = Object.entries(set ?? {}).map(([field, value]) => [
    field,
    SECRET_FIELDS.includes(field) ? '***' : value,
  ])
  return { ...options, ...(set && { set: Object.fromEntries(shown) as Record<string, string> }) }
}
