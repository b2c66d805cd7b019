import type { Model } from './family.ts'
import type { ModelJson } from './family-schema.ts'
import { readLayer } from './layers.ts'

/** What a table of products should tell and is guessed where it does not. */
const TOLD = ['expansion', 'screen', 'codecs', 'transports'] as const

/**
 * Follows `like` so that every model is complete. `complain` hears of an unknown or circular `like` and of a model
 * that never says how many lines and keys it has; such a model is left out.
 */
export function completeModels(
  models: Readonly<Record<string, ModelJson>>,
  complain: (code: string, message: string) => void,
): Map<string, Model> {
  const complete = new Map<string, Model>()
  for (const name of Object.keys(models)) {
    const chain = followLike(models, name, complain)
    if (!chain) continue
    const merged = mergeChain(chain)
    if (merged.lines === undefined || merged.keys === undefined) {
      complain('model-incomplete', `${name} says neither itself nor by "like" how many lines and keys it has`)
      continue
    }
    complete.set(name, {
      name,
      // A name is of one product: it does not come from what that is like.
      alsoCalled: models[name]!.alsoCalled ?? [],
      lines: merged.lines,
      keys: merged.keys,
      expansion: merged.expansion ?? { modules: 0, keys: 0 },
      screen: merged.screen ?? 'none',
      codecs: merged.codecs ?? [],
      transports: merged.transports ?? [],
      srtp: merged.srtp ?? [],
      keyKinds: merged.keyKinds ?? [],
      options: merged.options ?? {},
      defaults: readLayer(merged.defaults ?? {}, { secretsAsText: true }),
      wallpaper: merged.wallpaper ?? null,
      unsaid: TOLD.filter((field) => merged[field] === undefined),
    })
  }
  return complete
}

/** From the most general to the model itself; null when the chain breaks. */
function followLike(
  models: Readonly<Record<string, ModelJson>>,
  name: string,
  complain: (code: string, message: string) => void,
): ModelJson[] | null {
  const chain: ModelJson[] = []
  const seen = new Set<string>()
  for (let at: string | undefined = name; at !== undefined; at = models[at]?.like) {
    if (seen.has(at)) {
      complain('like-cycle', `${name} is like itself: ${[...seen, at].join(' -> ')}`)
      return null
    }
    seen.add(at)
    const model = models[at]
    if (!model) {
      complain('like-unknown', `${name} is like ${at}, which is not a model of this family`)
      return null
    }
    chain.unshift(model)
  }
  return chain
}

function mergeChain(chain: readonly ModelJson[]): ModelJson {
  return chain.reduce((below, above) => ({
    ...below,
    ...above,
    options: { ...below.options, ...above.options },
    defaults: { ...below.defaults, ...above.defaults },
  }))
}
