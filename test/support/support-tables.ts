import { format, resolveConfig } from 'prettier'
import { TRANSPORTS } from '../../src/phones/settings.ts'
import { type FamilyDescription, describeFamilies } from '../../src/phones/lint/describe-families.ts'
import type { Family } from '../../src/phones/family.ts'

// What phone families can do, as tables for people. They are made from the families, so they say what the linter proves.

export const README_BEGIN = '<!-- families: written by test/support/write-tables.ts -->'
export const README_END = '<!-- end of families -->'

/** What an installer asks first, each by the setting that shows it. */
const HIGHLIGHTS: readonly (readonly [heading: string, setting: string])[] = [
  ['Keys', 'keys'],
  ['2nd server', 'backupServer'],
  ['VLAN', 'vlanId'],
  ['802.1X', 'dot1x'],
  ['Paging', 'paging'],
  ['Phonebook', 'companyPhonebook'],
  ['Firmware', 'firmware'],
]

/** Families side by side in one table of the whole matrix. */
const COLUMNS = 9
/** Longer lists of values are told by their number. */
const MOST_NAMED = 7

/** The table of families of the project's README. */
export async function describeInShort(families: readonly Family[]): Promise<string> {
  const rows = describeFamilies(families).map((described) => {
    const { displayName, models, files, supports } = described
    const file = files.find(({ kind }) => kind === 'device') ?? files[0]!
    const modules = models.some(({ expansion }) => expansion.modules > 0)
    return [
      ...[displayName, String(models.length), `\`${file.examples[0]}\``],
      ...[tellTransports(supports.transport), supports.srtp === false ? '' : tellSrtp(supports.srtp!)],
      ...HIGHLIGHTS.map(([heading, setting]) => {
        if (!supports[setting]) return ''
        return heading === 'Keys' && modules ? '✓ + modules' : '✓'
      }),
      countSupported(described),
    ]
  })
  const head = ['Phones', 'Models', 'Own file, such as', 'SIP by', 'SRTP', ...HIGHLIGHTS.map(([heading]) => heading)]
  return tidy(toTable([[...head, 'Settings'], ...rows]))
}

/** The whole matrix, setting by family. */
export async function describeInFull(families: readonly Family[]): Promise<string> {
  const all = describeFamilies(families)
  const settings = Object.keys(all[0]!.supports)
  const parts = Array.from({ length: Math.ceil(all.length / COLUMNS) }, (_, part) =>
    all.slice(part * COLUMNS, (part + 1) * COLUMNS),
  )
  const tables = parts.map((part) =>
    toTable([
      ['Setting', ...part.map(({ family }) => `[${family}](${family}/NOTES.md)`)],
      ...settings.map((name) => [`\`${name}\``, ...part.map(({ supports }) => tell(supports[name]))]),
      ['Models', ...part.map(({ models }) => String(models.length))],
      ['Told to fetch again by', ...part.map(({ resync }) => (resync ? `\`${resync}\`` : ''))],
    ]),
  )
  const words = `# What each family supports

Written by \`npm exec -- node test/support/write-tables.ts\` from the families; \`npx offhook check\` prints them in short,
\`npx offhook check yealink\` one family whole. A ✓
stands where the phone is told the setting, or all values of it; the values are named where it knows some of them only.
What the settings mean is in [\`src/phones/settings.ts\`](../src/phones/settings.ts).
`
  return tidy([words, ...tables].join('\n\n'))
}

/** Puts the table between the two markers of a page. */
export function replaceBlock(page: string, table: string): string {
  const begin = page.indexOf(README_BEGIN)
  const end = page.indexOf(README_END)
  if (begin < 0 || end < begin) throw new Error(`The page lacks ${README_BEGIN} … ${README_END}`)
  return `${page.slice(0, begin + README_BEGIN.length)}\n\n${table.trim()}\n\n${page.slice(end)}`
}

function tell(support: boolean | readonly string[] | undefined): string {
  if (!support) return ''
  if (support === true) return '✓'
  if (support.length > MOST_NAMED) return `${support.length} values`
  return support.join(', ')
}

/** A family without words of its own for them takes ours. */
function tellTransports(support: boolean | readonly string[] | undefined): string {
  return tell(support === true ? TRANSPORTS : support)
}

/** Whether media can be encrypted, and must be. */
function tellSrtp(support: boolean | readonly string[]): string {
  if (support === true) return '✓'
  return tell((support as readonly string[]).filter((mode) => mode !== 'off'))
}

function countSupported({ supports }: FamilyDescription): string {
  const all = Object.values(supports)
  return `${all.filter((support) => support !== false).length} of ${all.length}`
}

function toTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head!), line(head!.map(() => '---')), ...rows.map(line)].join('\n')
}

async function tidy(markdown: string): Promise<string> {
  const config = await resolveConfig(import.meta.filename)
  return format(markdown, { ...config, parser: 'markdown' })
}
