import { loadFamilies } from '../../src/boot/load-families.ts'
import { findModel, type Family } from '../../src/phones/family.ts'
import { baseLayers, readLayer, resolveSettings } from '../../src/phones/layers.ts'
import { render, renderBootstrap } from '../../src/phones/render.ts'
import { Secret } from '../../src/model/secret.ts'

export const families = await loadFamilies()

export function familyOf(name: string): Family {
  return families.find((family) => family.name === name)!
}

/** What every device needs, so that tests say only what they are about. */
export const NEEDED = {
  serverHost: 'pbx.example.org',
  adminPassword: 'adm-1n',
  provisioningUrl: 'https://phones.example.org/Abcdefghijklmnopqrstuv/',
}

export const LINE = {
  position: 1,
  label: '1001',
  displayName: 'Jo Doe',
  user: '1001-acme',
  authUser: '1001-acme',
  password: 'Line-passw0rd',
}

type Device = { model?: string; mac?: string; file?: string; settings?: object }

/** The bytes of a shipped family's file for a device with these settings, secrets as plain text. */
export function renderFor(name: string, { model, mac, file, settings }: Device): Buffer {
  const family = familyOf(name)
  const product = findModel(family, model ?? null)
  const layer = readLayer({ ...NEEDED, ...settings }, { secretsAsText: true })
  const resolved = resolveSettings([...baseLayers(family, product), { layer: 'device', settings: layer }])
  const entry = family.files.find((one) => one.kind === 'device' && (file === undefined || one.name === file))!
  return render(family, entry, { settings: resolved.settings, mac: mac ?? '001565abcdef', model: product })
}

export function renderBootstrapOf(name: string, url: string): Buffer {
  const family = familyOf(name)
  return renderBootstrap(
    family,
    family.files.find(({ kind }) => kind === 'bootstrap')!,
    new Secret(url),
  )
}
