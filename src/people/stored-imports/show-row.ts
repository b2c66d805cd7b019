import type { ImportRow } from '../../db/import-rows.ts'
import { collectTexts } from '../../import/draft.ts'
import type { RowEdits } from '../../import/row-edit.ts'
import { isSecretField, type PersonField } from '../../model/person.ts'
import type { PersonPlan } from '../../plan/change.ts'
import { describeChanges } from '../../plan/describe-changes.ts'
import type { OpenedImport } from '../open-import.ts'

/** Makes the form in which rows of a stored import are kept for people to look at: what stands there, what follows. */
export function makeShowRow({ table, read }: OpenedImport, edits: RowEdits | undefined) {
  const cellsOf = new Map(table.rows.map(({ row, cells }) => [row, cells]))
  return (person: PersonPlan): ImportRow => {
    const texts = collectTexts(cellsOf.get(person.row) ?? [], read.columns.mapped, edits?.get(person.row)?.values)
    return {
      row: person.row,
      verdict: person.verdict,
      who: (person.who || nameOf(texts)).replaceAll('\0', '\ufffd'),
      cells: person.row > 0 ? JSON.stringify(maskSecrets(texts)) : '{}',
      diff: describeDiff(person),
      problems: JSON.stringify(person.problems),
    }
  }
}

/** What would be written for a person, as text: two plans with the same text do the same. */
export function describeDiff(person: PersonPlan): string {
  return JSON.stringify(describeChanges(person.changes))
}

function nameOf(texts: ReadonlyMap<PersonField, string>): string {
  const name = [texts.get('first_name'), texts.get('last_name')].filter(Boolean).join(' ')
  return name || (texts.get('email') ?? texts.get('extension') ?? '')
}

function maskSecrets(texts: ReadonlyMap<PersonField, string>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [field, text] of texts) shown[field] = isSecretField(field) && text.trim() !== '' ? '***' : text
  return shown
}
