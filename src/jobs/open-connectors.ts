import type { Networks } from '../access/networks.ts'
import { type DueAccount } from '../db/redirect-queue.ts'
import { redirectPlace } from '../db/redirect-accounts.ts'
import { Secret } from '../model/secret.ts'
import { cloudOf } from '../redirect/clouds.ts'
import type { Connector } from '../redirect/connector.ts'
import { readCloudName, readOptions, urlOf } from '../redirect/read-account.ts'
import { type Wire, WIRE_TIMING } from '../redirect/wire.ts'
import type { Vault } from '../secrets/vault.ts'
import { lookUpOpen } from './open-addresses.ts'

export type OpenConnector = (account: DueAccount) => Connector

/** @param wire what differs from the usual, for tests */
export function openWire(isOpen: Networks, wire: Partial<Wire> = {}): Wire {
  return { ...WIRE_TIMING, lookup: lookUpOpen(isOpen), mayReach: isOpen, ...wire }
}

/** Opens accounts; one that has not changed keeps its connector, and with it the token that it was given. */
export function openConnectors(vault: Vault, wire: Wire): OpenConnector {
  const kept = new Map<number, { key: string; connector: Connector }>()
  return (account) => {
    const key = JSON.stringify([account.service, account.options, account.login.toString('base64')])
    const known = kept.get(account.id)
    if (known?.key === key) return known.connector
    const connector = connect(account, vault, wire)
    kept.set(account.id, { key, connector })
    return connector
  }
}

function connect(account: DueAccount, vault: Vault, wire: Wire): Connector {
  const name = readCloudName(account.service)
  const options = readOptions(name, account.options)
  const stored = JSON.parse(vault.open(account.login, redirectPlace(account.slug, account.id)).reveal()) as object
  const login = Object.fromEntries(Object.entries(stored).map(([field, value]) => [field, new Secret(String(value))]))
  return cloudOf(name).connect({ url: urlOf(name, options), login, options }, wire)
}
