import { isDeepStrictEqual } from 'node:util'
import { countKeys, type Family, isSoftphone, type Model } from './family.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { canBe, canSay, listCodecs } from './view.ts'

/** A setting that a phone cannot take and that is left out of its file; `setting` is a path as in `Origins`. */
export type Misfit = { setting: string; reason: string }

/** Settings whose values are words of which a family may know only some, with the name of its map of them. */
const WORDS = { language: 'language', dot1x: 'dot1x', toneCountry: 'tone', logLevel: 'logLevel' } as const

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
        !canBe(family, model, kind) && {
          setting: `keys.${position}`,
          reason: `${canSay(family, 'keyKind', kind) ? model.name : family.displayName} has no ${kind} key`,
        },
    ),
    ...settings.codecs.map(
      (codec) => !codecs.includes(codec) && { setting: 'codecs', reason: `${model.name} has no ${codec}` },
    ),
    ...Object.keys(settings.raw).map(
      (name) =>
        !family.rawName?.test(name) && {
          setting: `raw.${name}`,
          reason: `${family.displayName} has no raw setting of that name`,
        },
    ),
    ...Object.entries(WORDS).map(([name, map]) => findUnknownWord(family, name as keyof typeof WORDS, map, settings)),
    // Its user may open every setting with what stands in the manual: whoever installs it has to know.
    !family.supports.includes('adminPassword') &&
      !isSoftphone(family) && {
        setting: 'adminPassword',
        reason: `${family.displayName} has no setting for it: change the password at the phone`,
      },
    ...listUnsupported(family, settings),
  ]
  return misfits.filter((misfit) => misfit !== false)
}

function findUnknownWord(family: Family, name: keyof typeof WORDS, map: string, settings: Settings): Misfit | false {
  const word = settings[name]
  if (word === null || !family.supports.includes(name) || canSay(family, map, word)) return false
  const reason = name === 'language' ? `does not speak ${word}` : `has no ${name} ${word}`
  return { setting: name, reason: `${family.displayName} ${reason}` }
}

/**
 * What somebody set and no template of the family reads. Keys and codecs are told one by one above; what every
 * installation sets, such as the code for pickup, would be noise on every softphone. Those have the language and the
 * clock of what they run on; a phone with a maker's MAC address has its own, and its user waits in vain for another.
 */
function listUnsupported(family: Family, settings: Settings): Misfit[] {
  const quiet = new Set(['lines', 'keys', 'codecs', 'pickupCode', 'voicemailNumber', 'raw'])
  if (isSoftphone(family)) for (const name of ['language', 'timezone']) quiet.add(name)
  return Object.entries(DEFAULT_SETTINGS)
    .filter(([name, start]) => !isDeepStrictEqual(settings[name as keyof Settings], start))
    .filter(([name]) => !quiet.has(name) && !family.supports.includes(name))
    .map(([name]) => ({ setting: name, reason: `${family.displayName} has no setting for it` }))
}

function describeKeys({ name, keys, expansion }: Model): string {
  const modules = expansion.modules > 0 ? ` and takes ${expansion.modules} modules of ${expansion.keys}` : ''
  return `${name} has ${keys} keys${modules}`
}
