import { countKeys, type Family, type Model } from './family.ts'
import type { Settings } from './settings.ts'
import { canSay, listCodecs } from './view.ts'

/** A setting that a phone cannot take and that is left out of its file; `setting` is a path as in `Origins`. */
export type Misfit = { setting: string; reason: string }

/** What `explain` tells an admin: settings that stop at this model. An empty list: everything reaches the phone. */
export function findMisfits(family: Family, model: Model, settings: Settings): Misfit[] {
  const codecs = listCodecs(family, model)
  const misfits: (Misfit | false)[] = [
    ...settings.lines.map(
      ({ position }) =>
        position > model.lines && { setting: `lines.${position}`, reason: `${model.name} has ${model.lines} lines` },
    ),
    ...settings.keys.map(
      ({ position }) => position > countKeys(model) && { setting: `keys.${position}`, reason: describeKeys(model) },
    ),
    ...settings.keys.map(
      ({ position, kind }) =>
        position <= countKeys(model) &&
        !canSay(family, 'keyKind', kind) && {
          setting: `keys.${position}`,
          reason: `${family.displayName} has no ${kind} key`,
        },
    ),
    ...settings.codecs.map(
      (codec) => !codecs.includes(codec) && { setting: 'codecs', reason: `${model.name} has no ${codec}` },
    ),
    family.supports.includes('language') &&
      !canSay(family, 'language', settings.language) && {
        setting: 'language',
        reason: `${family.displayName} does not speak ${settings.language}`,
      },
  ]
  return misfits.filter((misfit) => misfit !== false)
}

function describeKeys({ name, keys, expansion }: Model): string {
  const modules = expansion.modules > 0 ? ` and takes ${expansion.modules} modules of ${expansion.keys}` : ''
  return `${name} has ${keys} keys${modules}`
}
