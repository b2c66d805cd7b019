import type { Problem } from '../model/problem.ts'
import type { ImportOutcome } from '../people/import-outcome.ts'
import { type Change, type PersonPlan, verbOf } from '../plan/change.ts'
import { Secret } from '../model/secret.ts'
import { isSameValue, type Row, type Value } from '../plan/row.ts'
import { describeReading } from './describe-reading.ts'
import { formatTable } from './output.ts'

const SIGNS = { new: '+', changed: '~', unchanged: ' ', missing: '-', problem: '!' } as const

/** A list with more warnings than this has a cause that the first ones show. */
const MOST_WARNINGS = 20

/** An import in words: who is new, what changes in whom, what is wrong or odd and how to cure it. */
export function describeImport(outcome: ImportOutcome): string {
  const lines = outcome.shown.flatMap(describePerson)
  if (outcome.notShown > 0) lines.push(`  … and ${outcome.notShown} more`)
  const general = outcome.problems.filter(({ row }) => row === 0).map(describeProblem)
  const reading = describeReading(outcome.detected, outcome.read.columns)
  const odd = describeWarnings(outcome.read.warnings)
  return [...reading, ...general, ...lines, ...odd, describeCounts(outcome), describeNext(outcome)]
    .filter(Boolean)
    .join('\n')
}

function describeWarnings(warnings: readonly Problem[]): string[] {
  const lines = warnings.slice(0, MOST_WARNINGS).map(({ row, field, message, suggestion }) => {
    const place = [row > 0 ? `row ${row}` : '', field].filter(Boolean).join(', ')
    return `warning: ${[place, message].filter(Boolean).join(': ')}${suggestion ? `. ${suggestion}` : ''}`
  })
  const more = warnings.length - lines.length
  return more > 0 ? [...lines, `  … and ${more} more warnings`] : lines
}

function describePerson(person: PersonPlan): string[] {
  const head = `${SIGNS[person.verdict]} ${person.row > 0 ? `row ${person.row}  ` : ''}${person.who}`
  if (person.verdict === 'problem') return [head.trimEnd(), ...person.problems.map(describeProblem)]
  if (person.verdict === 'new') return [`${head}  ${describeRows(person.changes)}`]
  return [head, formatTable(person.changes.flatMap(describeFields).map((cells) => ['   ', ...cells]))]
}

/** `endpoint 1001-acme, mailbox, phone 001565abcd01`: what a new person gets. */
function describeRows(changes: Change[]): string {
  const of = (table: string) =>
    changes.flatMap((change) => (change.table === table && change.after ? [change.after] : []))
  return [
    ...of('asterisk.ps_endpoints').map((row) => `endpoint ${String(row['id'])}`),
    ...of('asterisk.voicemail').map((row) => `mailbox ${String(row['mailbox'])}@${String(row['context'])}`),
    ...of('offhook.dids').map((row) => `number ${String(row['number'])}`),
    ...of('offhook.devices').map((row) => `phone ${nameDevice(row)} (${String(row['model'])})`),
  ].join(', ')
}

/** A softphone is known by its name without the id at the end, which it gets when it is written. */
function nameDevice({ id, mac, name }: Row): string {
  const [text, end] = [String(mac ?? name), `-${String(id)}`]
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}

function describeFields(change: Change): string[][] {
  const { table, before, after } = change
  if (verbOf(change) !== 'update') return [[before ? 'delete' : 'create', `${table} ${change.key}`]]
  return Object.keys(after!)
    .filter((column) => !isSameValue(after![column], before![column]))
    .map((column) => [`${table}.${column}`, describeChange(before![column] ?? null, after![column]!)])
}

function describeChange(before: Value, after: Value): string {
  if (before instanceof Secret || after instanceof Secret) return '(changed)'
  return `${JSON.stringify(before)} → ${JSON.stringify(after)}`
}

function describeProblem({ row, field, message, suggestion }: ImportOutcome['problems'][number]): string {
  const place = row === 0 ? '! file' : '    '
  return `${place} ${[field, message].filter(Boolean).join(': ')}${suggestion ? `. ${suggestion}` : ''}`
}

function describeCounts({ rows, counts, changes }: ImportOutcome): string {
  const people = `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.problem} with problems`
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${people}. ${counts.missing} people are not in the file. Table rows: ${changes.create} to create, ${changes.update} to update, ${changes.delete} to delete.`
}

function describeNext({ state, import: id, problems, heldBack, changes }: ImportOutcome): string {
  if (state === 'previewed' && id !== null) {
    if (problems.length === 0) return `Kept as import ${id}. To do it: offhook apply ${id}`
    return `Kept as import ${id}. To cure its problems: offhook repairs ${id}; to leave them out: offhook apply ${id} --only-valid`
  }
  if (state === 'applied') return `Applied as import ${id!}. To take it back: offhook undo ${id!}`
  if (problems.length > 0) return 'Nothing is written while there are problems. Correct them, or add --only-valid.'
  if (changes.create + changes.update + changes.delete > 0) return 'Nothing is written yet. To do it: --apply'
  return heldBack > 0 ? 'Nothing is written. To change people who exist: --update --apply' : 'Nothing to do.'
}
