import { AppError } from '../model/app-error.ts'
import { nearest } from '../model/nearest.ts'
import { quote } from '../model/quote.ts'
import type { Family, Model } from './family.ts'

/** @throws AppError `input-invalid` naming the one that was meant */
export function readFamilyName(families: readonly Family[], text: string): Family {
  const wanted = text.trim().toLowerCase()
  const family = families.find(({ name }) => name === wanted)
  if (family) return family
  const meant = nearest(
    wanted,
    families.map(({ name }) => name),
  )
  throw new AppError(
    'input-invalid',
    `There is no phone family ${quote(text)}.${meant ? ` Did you mean ${meant}?` : ' See: offhook check'}`,
  )
}

/** @throws AppError `input-invalid` naming the one that was meant */
export function readModelName(family: Family, text: string): Model {
  const wanted = text.trim().toLowerCase()
  const model = [...family.models.values()].find(({ name }) => name.toLowerCase() === wanted)
  if (model) return model
  const meant = nearest(
    wanted,
    [...family.models.keys()].map((name) => name.toLowerCase()),
  )
  throw new AppError(
    'input-invalid',
    `${family.displayName} has no model ${quote(text)}.${meant ? ` Did you mean ${meant}?` : ''}`,
  )
}

/** A model as its maker spells it: the tables know it in lower case. One that is no more stays as it is. */
export function spellModel(families: readonly Family[], family: string | null, model: string): string {
  const models = families.find(({ name }) => name === family)?.models.keys() ?? []
  return [...models].find((name) => name.toLowerCase() === model) ?? model
}
