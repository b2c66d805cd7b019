import { makeParseCell } from '../import/cells.ts'
import { compileDefaults, type Layer } from '../import/defaults.ts'
import { type KnownEntries, listNames } from '../import/value-mapping.ts'
import { AppError } from '../model/app-error.ts'
import { nearest } from '../model/nearest.ts'
import { isSecretField, PERSON_FIELDS } from '../model/person.ts'
import { isRuleName, RULE_NAMES } from '../model/rules.ts'
import { type DefaultTexts, splitDefaults } from './default-layers.ts'

/** Changes of defaults: an empty text or null takes the key out. */
export type DefaultChanges = Readonly<Record<string, string | null>>

/**
 * The defaults after the changes, all of them readable as a cell or a rule is.
 * @throws AppError `input-invalid` naming every faulty key and its cure
 */
export function changeDefaults(
  layer: Pick<Layer, 'name' | 'location'>,
  current: DefaultTexts,
  changes: DefaultChanges,
  known: KnownEntries,
): DefaultTexts {
  const faults = Object.keys(changes).flatMap(findFault)
  if (faults.length > 0) throw new AppError('input-invalid', faults.join(' '))
  const texts = Object.entries({ ...current, ...changes }).map(([name, text]) => [name, (text ?? '').trim()] as const)
  const changed = Object.fromEntries(texts.filter(([, text]) => text !== ''))
  const { problems } = compileDefaults([{ ...layer, ...splitDefaults(changed) }], makeParseCell(listNames(known)))
  const wrong = problems.map(({ message, suggestion }) => (suggestion ? `${message} (${suggestion}).` : `${message}.`))
  if (wrong.length > 0) throw new AppError('input-invalid', wrong.join(' '))
  return changed
}

function findFault(name: string): string[] {
  const names = [...PERSON_FIELDS, ...RULE_NAMES]
  // What is stored as a default is read by many.
  if (isSecretField(name))
    return [`${name} is a secret and no default. State it for one import with --set, or use password_rule.`]
  if (isRuleName(name) || names.some((known) => known === name)) return []
  const meant = nearest(name, names)
  return [`There is no field or rule ${name}${meant ? `; ${meant} is near` : `. There are ${names.join(', ')}`}.`]
}
