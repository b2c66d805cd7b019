import { Secret } from '../model/secret.ts'
import { fillIn, splitBootAddress } from '../phones/boot-address.ts'
import type { Family } from '../phones/family.ts'
import { deviceAddress } from './device-settings.ts'

/** Where makers' services send phones. */
export type RedirectAddresses = {
  /** Whether nobody on the way can read what phones ask for. */
  encrypted: boolean
  /**
   * In the form that the family's maker wants: this server, where a phone gets its files in a release or with its
   * certificate, or with a token the phone's own address. Null for a family that is not there any more.
   */
  of(family: string, token: Secret | null): Secret | null
}

/** @param phonesUrl how phones reach their files, without a token */
export function redirectAddresses(families: readonly Family[], phonesUrl: string): RedirectAddresses {
  return {
    encrypted: phonesUrl.startsWith('https:'),
    of(name, token) {
      const family = families.find((one) => one.name === name)
      if (!family) return null
      const boot = splitBootAddress(token ? deviceAddress({ phonesUrl }, token) : phonesUrl, null)
      return new Secret(fillIn(family.pnp, boot) ?? boot.url)
    },
  }
}
