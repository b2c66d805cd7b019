import type { FamilyDescription } from '../phones/lint/describe-families.ts'
import type { ModelGap } from '../phones/lint/model-gaps.ts'
import { CODECS, DTMF_MODES, KEY_KINDS, SRTP_MODES, TRANSPORTS } from '../phones/settings.ts'
import { DOT1X_METHODS, LOG_LEVELS } from '../phones/site-settings.ts'
import { formatTable } from './output.ts'

/** What a terminal shows of a line without breaking it. */
const WIDTH = 120
/** Longer lists would push the next column out of sight. */
const MOST_NAMED = 3

/** All words of a setting: who knows them all needs no list. */
const ALL: Readonly<Record<string, readonly string[]>> = {
  ...{ transport: TRANSPORTS, srtp: SRTP_MODES, dtmf: DTMF_MODES, codecs: CODECS, 'keys.kind': KEY_KINDS },
  ...{ dot1x: DOT1X_METHODS, logLevel: LOG_LEVELS },
}

/** What each family supports, setting by setting, in tables as wide as a terminal; then what a data sheet could add. */
export function describeAll(families: readonly FamilyDescription[], gaps: readonly ModelGap[]): string {
  const settings = Object.keys(families[0]?.supports ?? {}).filter((name) =>
    families.some(({ supports }) => supports[name] !== false),
  )
  const column = (described: FamilyDescription) => [
    described.family,
    ...settings.map((name) => tellInShort(name, described.supports[name] ?? false)),
    String(described.models.length),
    described.resync === null ? '-' : 'yes',
  ]
  const heads = ['setting', ...settings, 'models', 'told to fetch']
  const tables = fillTables(heads, families.map(column))
  const models = families.reduce((sum, { models: own }) => sum + own.length, 0)
  return [
    ...tables,
    `${families.length} families with ${models} models are sound. More of one: offhook check FAMILY`,
    ...describeGaps(gaps),
  ].join('\n\n')
}

/** One family: what it supports and with which words, and its models. */
export function describeOne(family: FamilyDescription, gaps: readonly ModelGap[]): string {
  const settings = Object.entries(family.supports).map(([name, support]) => [
    name,
    typeof support === 'boolean' ? (support ? 'yes' : '-') : support.join(' '),
  ])
  const models = family.models.map(({ name, lines, keys, expansion, screen }) => [
    ...[name, String(lines), String(keys)],
    ...[expansion.modules === 0 ? '-' : `${expansion.modules} of ${expansion.keys} keys`, screen],
  ])
  const files = family.files.map(({ kind, examples }) => [examples.join(' '), kind])
  return [
    formatTable([['setting', family.displayName], ...settings, ['told to fetch again by', family.resync ?? '-']]),
    formatTable([['file', 'kind'], ...files]),
    formatTable([['model', 'lines', 'keys', 'modules', 'screen'], ...models]),
    ...gaps.map(({ missing, models: open }) => `Nobody told ${missing} of: ${open.join(', ')}`),
  ].join('\n\n')
}

function tellInShort(name: string, support: boolean | readonly string[]): string {
  if (typeof support === 'boolean') return support ? 'yes' : '-'
  if (ALL[name]?.every((word) => support.includes(word))) return 'yes'
  return support.length > MOST_NAMED ? `${support.length} values` : support.join(' ')
}

/** Columns side by side as long as the line holds them. */
function fillTables(heads: readonly string[], columns: readonly (readonly string[])[]): string[] {
  const widthOf = (column: readonly string[]) => Math.max(...column.map(({ length }) => length)) + 2
  const tables: (readonly string[])[][] = []
  let room = 0
  for (const column of columns) {
    room -= widthOf(column)
    if (room < 0) {
      tables.push([heads])
      room = WIDTH - widthOf(heads) - widthOf(column)
    }
    tables.at(-1)!.push(column)
  }
  return tables.map((table) => formatTable(heads.map((_, row) => table.map((column) => column[row]!))))
}

function describeGaps(gaps: readonly ModelGap[]): string[] {
  if (gaps.length === 0) return []
  const counts = [...Map.groupBy(gaps, ({ missing }) => missing)].map(
    ([missing, open]) => `${missing} of ${open.reduce((sum, { models }) => sum + models.length, 0)} models`,
  )
  return [`Nobody told ${counts.join(', ')}: none is assumed. Which: offhook check FAMILY`]
}
