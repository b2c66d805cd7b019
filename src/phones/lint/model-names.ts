import type { Complaint } from '../complaint.ts'
import type { Family } from '../family.ts'

/** A row of an import names a model and nothing else: no two families may have one of the same name. */
export function complainOfSharedModels(families: readonly Family[]): Complaint[] {
  const owners = Map.groupBy(
    families.flatMap((family) =>
      [...family.models.values()].flatMap(({ name, alsoCalled }) =>
        [name, ...alsoCalled].map((model) => ({ model, family: family.name })),
      ),
    ),
    ({ model }) => model.toLowerCase(),
  )
  return [...owners.values()].flatMap(([first, ...others]) =>
    others.map(({ model, family }) => ({
      ...{ family, code: 'model-shared', message: `${model} is also a model of ${first!.family}` },
    })),
  )
}
