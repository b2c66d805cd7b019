import { isSecretField } from '../model/person.ts'
import type { ImportOptions } from './open-import.ts'

/** Options whose texts may be PINs and passwords: a stored import keeps them sealed, with what was brought. */
export type StatedTexts = Pick<ImportOptions, 'set' | 'defaults' | 'values'>

const MASK = '***'

/** For the history: what was asked for, less what nobody shall read there. */
export function describeOptions({ set, defaults, values, ...options }: ImportOptions): Record<string, unknown> {
  return {
    ...options,
    ...(set && { set: maskSecrets(set, MASK) }),
    ...(defaults && { defaults: maskSecrets(defaults, MASK) }),
    ...(values && { values: maskSecrets(values, { [MASK]: MASK }) }),
  }
}

function maskSecrets(texts: Readonly<Record<string, unknown>>, mask: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, isSecretField(field) ? mask : text]))
}
