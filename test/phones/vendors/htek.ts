import { readXml } from './xml.ts'

/** Reads `hl_provision` as Htek and Sangoma S phones do: code to value, whatever the attribute `para` says. */
export function readHtek(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  const [config, ...more] = root.children
  if (root.name !== 'hl_provision' || root.attributes.version !== '1' || more.length > 0)
    throw new Error('not hl_provision version 1')
  if (config?.name !== 'config' || config.attributes.version !== '1') throw new Error('not a config of codes')
  const values = new Map<string, string>()
  for (const { name, text, attributes, children } of config.children) {
    if (!/^P\d{1,6}$/.test(name) || children.length > 0) throw new Error('not a code')
    if (Object.keys(attributes).some((attribute) => attribute !== 'para')) throw new Error('an odd attribute')
    if (values.has(name)) throw new Error(`${name} is set twice`)
    values.set(name, text)
  }
  return values
}

const FIELDS = ['type', 'value', 'label', 'account', 'pickup'] as const
export type HtekKey = Record<(typeof FIELDS)[number], string>

/** The key at a position from 1: four keys of five rows, then rows of five (wazo-provd-plugins, Sangoma exports). */
export function readHtekKey(values: ReadonlyMap<string, string>, position: number): HtekKey {
  const codes =
    position <= 4
      ? [41_200, 41_300, 41_400, 41_500, 41_600].map((row) => row + position - 1)
      : [0, 1, 2, 3, 4].map((field) => 20_200 + 5 * (position - 5) + field)
  return Object.fromEntries(FIELDS.map((field, index) => [field, values.get(`P${codes[index]!}`)])) as HtekKey
}
