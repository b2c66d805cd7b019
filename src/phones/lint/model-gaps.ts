import type { Family } from '../family.ts'

/** What the table of products leaves open for some models of a family; nothing is wrong with the family. */
export type ModelGap = { family: string; missing: string; models: readonly string[] }

/** What a model need not tell itself when its family does: it then takes all that the family takes. */
const TOLD_BY_FAMILY: Readonly<Record<string, string>> = { codecs: 'codecs', transports: 'transport' }

/** What nobody told of which models, so that whoever has a data sheet knows where it would help. */
export function listModelGaps(families: readonly Family[]): ModelGap[] {
  return families.flatMap((family) => {
    const open = [...family.models.values()].flatMap(({ name, unsaid }) =>
      unsaid
        .filter((missing) => !family.supports.includes(TOLD_BY_FAMILY[missing] ?? ''))
        .map((missing) => ({ missing, name })),
    )
    const byField = Map.groupBy(open, ({ missing }) => missing)
    return [...byField].map(([missing, gaps]) => ({
      ...{ family: family.name, missing, models: gaps.map(({ name }) => name) },
    }))
  })
}
