import { type Family, isSoftphone } from '../phones/family.ts'

export type ListedModel = {
  family: string
  model: string
  /** The name that leads here, where it is another one. */
  alias?: string
  lines: number
  softphone: boolean
  sha256: boolean
  /** One object for all models of a maker; `ouis` are the prefixes of its MAC addresses, as far as they are known. */
  maker: { name: string; ouis: readonly string[] }
}

/** Every model that a person's row may name, by lower-case name. A softphone is one whose files carry no MAC address. */
export function listModels(families: readonly Family[]): Map<string, ListedModel> {
  const makers = new Map(
    [...Map.groupBy(families, ({ maker }) => maker)].map(([name, own]) => {
      return [name, { name, ouis: own.flatMap(({ ouis }) => ouis) }] as const
    }),
  )
  return new Map(
    families.flatMap((family) => {
      const softphone = isSoftphone(family)
      const maker = makers.get(family.maker)!
      return [...family.models.values()].flatMap(({ name, alsoCalled, lines }) => {
        const listed: ListedModel = { family: family.name, model: name, lines, softphone, sha256: family.sha256, maker }
        const others = alsoCalled.map((alias) => [alias.toLowerCase(), { ...listed, alias }] as const)
        return [[name.toLowerCase(), listed] as const, ...others]
      })
    }),
  )
}
