import { AppError } from '../model/app-error.ts'
import type { Secret } from '../model/secret.ts'
import { type AppLink, writeAppLink } from '../phones/app-link.ts'
import type { Family } from '../phones/family.ts'
import { generateDeviceToken } from '../secrets/device-token.ts'

/** What links are made with. `phonesUrl`: without a token. */
export type LinkSite = { families: readonly Family[]; phonesUrl: string }

/** A link to a device's file: its token is good once it is stored. */
export type PreparedLink = AppLink & { token: Secret; app: string }

/**
 * Makes the picture and the link that set an app up, with a token of their own: the one by which the app fetches from then
 * on is in no picture.
 * @param apps what makers of apps call the tenant, by family
 * @throws AppError `setting-unsupported` for a device that is no such app, `setting-missing` without an account
 */
export function prepareLink(
  { families, phonesUrl }: LinkSite,
  device: { name: string; family: string },
  apps: Readonly<Record<string, string>>,
): PreparedLink {
  const family = families.find(({ name }) => name === device.family)
  if (!family) throw new AppError('setting-unsupported', `There is no phone family ${device.family} any more.`)
  const token = generateDeviceToken()
  const url = phonesUrl.replace(/\/+$/, '')
  return {
    token,
    app: family.displayName,
    ...writeAppLink(family, { url, token, name: device.name, account: apps[family.name] }),
  }
}

/** Families whose apps are set up by a picture where the tenant has these accounts at their makers. */
export function listLinkable({ families }: LinkSite, apps: Readonly<Record<string, string>>): string[] {
  const isReady = ({ name, link }: Family) => link !== null && (!link.needsAccount || apps[name] !== undefined)
  return families.filter(isReady).map(({ name }) => name)
}
