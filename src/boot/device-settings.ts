import type { DeviceRecord, KeyRow, LineRow } from '../db/devices.ts'
import { AppError } from '../model/app-error.ts'
import type { OpenFile } from '../model/phone-request.ts'
import { Secret } from '../model/secret.ts'
import type { StoredPart } from '../model/stored-media.ts'
import { findModel, type Family, type Model } from '../phones/family.ts'
import { baseLayers, type Layer, type LayerSettings, readLayer, resolveSettings } from '../phones/layers.ts'
import type { ResolvedSettings } from '../phones/layers.ts'
import { openSettings } from '../secrets/sealed-settings.ts'
import type { Vault } from '../secrets/vault.ts'
import { chooseStored, offerLayers } from './choose-stored.ts'

/** Where phones go, the same for all of them unless a layer says otherwise. */
export type Site = {
  /** Without a closing slash. */
  phonesUrl: string
  sipHost: string
  /** Null: the standard port of the transport. */
  sipPort: number | null
  /** Opens a file of the store by its digest; without, there is none. */
  openStored?: (sha256: string) => Promise<OpenFile>
}

export type DescribedDevice = {
  family: Family
  model: Model
  resolved: ResolvedSettings
  token: Secret
  /** Files of the store that it may fetch, by the name that it asks for in lower case. */
  parts: ReadonlyMap<string, StoredPart>
}

/** The feature codes of our dialplan, asterisk/extensions.conf. */
const VOICEMAIL_NUMBER = '*97'
const PICKUP_CODE = '*8'

/**
 * Opens a device's secrets and puts the layers of its settings on top of each other.
 * @throws AppError `key-wrong`, `family-invalid` for a family that is not there any more, `input-invalid`,
 * `setting-missing`
 */
export function describeDevice(
  record: DeviceRecord,
  site: Site,
  families: readonly Family[],
  vault: Vault,
): DescribedDevice {
  const family = families.find(({ name }) => name === record.family)
  if (!family) throw new AppError('family-invalid', `There is no phone family ${record.family}`)
  const model = findModel(family, record.model)
  const open = (sealed: Buffer, table: string, row: number, column: string) =>
    vault.open(sealed, { tenant: record.tenantSlug, table, row: String(row), column })
  const token = open(record.token, 'offhook.devices', record.id, 'token')
  const stored: LayerSettings = {
    provisioningUrl: new Secret(deviceAddress(site, token)),
    lines: record.lines.map((line) =>
      describeLine(line, open(Buffer.from(line.secret, 'hex'), 'offhook.endpoints', line.endpointId, 'secret')),
    ),
    keys: record.deviceKeys.map(describeKey),
    ...(record.language !== null && { language: record.language }),
    ...(record.timezone !== null && { timezone: record.timezone }),
  }
  const adminPassword = open(record.adminPassword, 'offhook.devices', record.id, 'admin_password')
  const said = (json: unknown, table: string, row: number | null) =>
    readStored(json, vault, { tenant: record.tenantSlug, table, row: String(row) })
  const [defaults, ...specific] = baseLayers(family, model)
  const layers: Layer[] = [
    defaults!,
    { layer: 'defaults', settings: { ...describeSite(site), keys: lineKeys(record.lines, family, model) } },
    ...specific,
    // Random for each phone, unless somebody wants one password for several.
    { layer: 'device', settings: { adminPassword } },
    { layer: 'tenant', settings: said(record.tenantSettings, 'offhook.tenants', record.tenantId) },
    { layer: 'location', settings: said(record.locationSettings, 'offhook.locations', record.locationId) },
    { layer: 'profile', settings: said(record.profileSettings, 'offhook.profiles', record.profileId) },
    { layer: 'profile', settings: { keys: record.profileKeys.map(describeKey) } },
    { layer: 'device', settings: stored },
    { layer: 'device', settings: said(record.deviceSettings, 'offhook.devices', record.id) },
    ...offerLayers(record),
  ]
  const { resolved, parts } = chooseStored(record, { family, model, resolved: resolveSettings(layers) })
  return { family, model, resolved, token, parts }
}

/** The secret address under which a device finds its files, with a closing slash. */
export function deviceAddress(site: Pick<Site, 'phonesUrl'>, token: Secret): string {
  return `${site.phonesUrl}/${token.reveal()}/`
}

function describeSite({ sipHost, sipPort }: Site): LayerSettings {
  return { serverHost: sipHost, serverPort: sipPort, voicemailNumber: VOICEMAIL_NUMBER, pickupCode: PICKUP_CODE }
}

/** Where nobody says otherwise, the first keys are the lines, as on a phone fresh from its box. */
function lineKeys(lines: readonly LineRow[], family: Family, model: Model): NonNullable<LayerSettings['keys']> {
  if (!family.values.get('keyKind')?.has('line')) return []
  return lines
    .filter(({ position }) => position <= model.keys)
    .map(({ position, label, number }) => ({
      ...{ position, kind: 'line' as const, value: null, label: label ?? number, line: position },
    }))
}

function describeLine(row: LineRow, password: Secret): NonNullable<LayerSettings['lines']>[number] {
  return {
    position: row.position,
    label: row.label ?? row.number,
    displayName: row.extensionLabel,
    user: row.endpointName,
    authUser: row.endpointName,
    password,
  }
}

function describeKey({ position, kind, value, label }: KeyRow): NonNullable<LayerSettings['keys']>[number] {
  return readLayer({ keys: [{ position, kind, value, label, line: 1 }] }).keys![0]!
}

/** Most rows say nothing, and opening and checking nothing is not free. */
function readStored(json: unknown, vault: Vault, place: Parameters<typeof openSettings>[1]): LayerSettings {
  const stored = json as Record<string, unknown>
  if (Object.keys(stored).length === 0) return {}
  return readLayer(openSettings(vault, place, stored), { secretsAsText: true })
}
