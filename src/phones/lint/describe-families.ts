import { describeSettings } from '../describe-settings.ts'
import type { Family, Model } from '../family.ts'

/** A column of the matrix of what phones can do. */
export type FamilyDescription = {
  family: string
  displayName: string
  models: readonly Pick<Model, 'name' | 'lines' | 'keys' | 'expansion' | 'screen'>[]
  files: readonly { name: string; kind: string; examples: readonly string[] }[]
  /** Setting to `true`, or to the values that the family knows, or `false`. */
  supports: Readonly<Record<string, boolean | readonly string[]>>
  resync: string | null
}

const VALUE_MAPS: Readonly<Record<string, string>> = {
  transport: 'transport',
  srtp: 'srtp',
  dtmf: 'dtmf',
  codecs: 'codec',
  language: 'language',
  dot1x: 'dot1x',
  toneCountry: 'tone',
  logLevel: 'logLevel',
  'keys.kind': 'keyKind',
}

/** What each family supports, setting by setting. */
export function describeFamilies(families: readonly Family[]): FamilyDescription[] {
  return families.map((family) => ({
    family: family.name,
    displayName: family.displayName,
    models: [...family.models.values()].map(({ name, lines, keys, expansion, screen }) => ({
      ...{ name, lines, keys, expansion, screen },
    })),
    files: family.files.map(({ name, kind, examples }) => ({ name, kind, examples })),
    supports: Object.fromEntries(describeSettings().map(({ name }) => [name, describeSupport(family, name)])),
    resync: family.resync?.event ?? null,
  }))
}

function describeSupport(family: Family, setting: string): boolean | readonly string[] {
  if (!family.supports.includes(setting)) return false
  const codes = family.values.get(VALUE_MAPS[setting] ?? '')
  return codes ? [...codes.keys()] : true
}
