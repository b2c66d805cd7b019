import type { Family } from '../phones/family.ts'

export type ListedModel = { family: string; model: string; lines: number; softphone: boolean; sha256: boolean }

/** Every model that a person's row may name, by lower-case name. A softphone is one whose files carry no MAC address. */
export function listModels(families: readonly Family[]): Map<string, ListedModel> {
  return new Map(
    families.flatMap((family) => {
      const softphone = !family.files.some((file) => file.kind === 'device' && file.pattern.source.includes('?<mac>'))
      return [...family.models.values()].map(({ name, lines }) => {
        const listed: ListedModel = { family: family.name, model: name, lines, softphone, sha256: family.sha256 }
        return [name.toLowerCase(), listed] as const
      })
    }),
  )
}
