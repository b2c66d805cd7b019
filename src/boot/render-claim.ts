import { CLAIM_NUMBER } from '../model/claim.ts'
import type { Mac } from '../model/mac.ts'
import type { PhoneAnswer } from '../model/phone-request.ts'
import { Secret } from '../model/secret.ts'
import type { Family, FamilyFile, Model } from '../phones/family.ts'
import { baseLayers, type LayerSettings, readLayer, resolveSettings } from '../phones/layers.ts'
import type { SettingName } from '../phones/settings.ts'
import { render } from '../phones/render.ts'
import type { Site } from './device-settings.ts'
import { toAnswer } from './ready-device.ts'

type Account = { user: string; secret: Secret; adminPassword: Secret; settings: unknown }

/** A phone that was claimed while nobody could tell it comes by itself. */
const FETCH_MINUTES = 5
/** What a tenant says of all its phones that is needed to call at all. What else it says may hold passwords. */
const NEEDED: readonly SettingName[] = [
  ...(['serverHost', 'serverPort', 'outboundProxy', 'backupServer', 'backupProxy', 'transport', 'srtp'] as const),
  ...(['dtmf', 'codecs', 'verifyServer', 'timezone', 'ntpServer', 'language', 'vlanId', 'vlanPriority'] as const),
]
const LABEL = `Claim ${CLAIM_NUMBER}`

/**
 * The file of a phone that is nobody's: one line, on an account that can dial the claim number alone. It pins nothing and
 * holds no token, so the phone asks again by its MAC address.
 * @param claim `settings`: those of the tenant, as they are stored
 * @throws AppError `setting-missing`, `setting-unsupported`, `value-unsafe`, `input-invalid`
 */
export function renderClaim(claim: {
  family: Family
  file: FamilyFile
  model: Model
  mac: Mac
  site: Site
  account: Account
}): PhoneAnswer {
  const { family, file, model, mac, site, account } = claim
  const own: LayerSettings = {
    adminPassword: account.adminPassword,
    provisioningUrl: new Secret(`${site.phonesUrl}/`),
    ...{ provisioningIntervalMinutes: FETCH_MINUTES, pinProvisioning: false, voicemailNumber: null, mwi: false },
    lines: [{ position: 1, label: LABEL, displayName: LABEL, ...credentials(account) }],
  }
  const [defaults, ...specific] = baseLayers(family, model)
  const { settings } = resolveSettings([
    defaults!,
    { layer: 'defaults', settings: { serverHost: site.sipHost, serverPort: site.sipPort } },
    ...specific,
    { layer: 'tenant', settings: onlyNeeded(account.settings) },
    { layer: 'device', settings: own },
  ])
  return toAnswer(family, file, render(family, file, { settings, mac, model }))
}

function onlyNeeded(stored: unknown): LayerSettings {
  const needed = Object.entries(stored as object).filter(([name]) => NEEDED.some((known) => known === name))
  return readLayer(Object.fromEntries(needed))
}

function credentials({ user, secret }: Account) {
  return { user, authUser: user, password: secret }
}
