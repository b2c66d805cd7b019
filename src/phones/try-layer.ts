import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'
import { flattenLayer } from './change-layer.ts'
import type { Family, Model } from './family.ts'
import { baseLayers, type LayerSettings, resolveSettings } from './layers.ts'
import { findMisfits, type Misfit } from './misfits.ts'
import { render } from './render.ts'

/** A phone of which nobody has said anything yet. */
const BARE: LayerSettings = {
  serverHost: 'pbx.example.org',
  adminPassword: new Secret('not-a-password'),
  provisioningUrl: new Secret('https://phones.example.org/not-a-token/'),
}
const MAC = '020000000001'

/**
 * What of a layer does not reach phones of a model, and whether they could be given a file with it at all: then `setting`
 * is empty. More specific layers are not looked at; they may say otherwise.
 */
export function tryLayer(family: Family, model: Model, said: LayerSettings): Misfit[] {
  const lines = [1, 2]
    .slice(0, model.lines)
    .map((position) => ({ position, user: '1001', password: BARE.adminPassword }))
  const { settings } = resolveSettings([
    ...baseLayers(family, model),
    { layer: 'device', settings: { ...BARE, lines } },
    // Which file of the store fits a model is judged where files are taken into use.
    { layer: 'device', settings: { ...said, ringtone: null, wallpaper: null } },
  ])
  const paths = Object.keys(flattenLayer(said))
  const stops = findMisfits(family, model, settings).filter(({ setting }) =>
    paths.some((path) => path === setting || path.startsWith(`${setting}.`)),
  )
  for (const file of family.files.filter(({ kind }) => kind === 'device'))
    try {
      render(family, file, { settings, mac: MAC, model })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return [{ setting: '', reason: `Without another word of their own they get no file: ${error.message}` }]
    }
  return stops
}
