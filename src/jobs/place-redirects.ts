import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { RedirectAddresses } from '../boot/redirect-address.ts'
import type { ClaimedRedirect, DueAccount } from '../db/redirect-queue.ts'
import { maskTokens } from '../model/device-token.ts'
import type { Secret } from '../model/secret.ts'
import { cloudOf } from '../redirect/clouds.ts'
import type { Placement } from '../redirect/connector.ts'
import { quoteAnswer } from '../redirect/fault.ts'
import { readCloudName } from '../redirect/read-account.ts'
import type { Vault } from '../secrets/vault.ts'
import type { OpenConnector } from './open-connectors.ts'

/** What work on redirects needs. */
export type RedirectOffice = {
  /** Connections of the owner. */
  pool: pg.Pool
  vault: Vault
  addresses: RedirectAddresses
  connect: OpenConnector
}

/**
 * A phone and where it is to be sent; null for one that is not there any more. Its token goes along only where the
 * account says so, the service may hold one, nobody can read it on the way, and the phone has not come yet: once it has,
 * it knows its address, and the token is taken back.
 */
export function placeRedirect(office: RedirectOffice, account: DueAccount, row: ClaimedRedirect): Placement | null {
  if (row.device_id === null || row.family === null || row.token === null) return null
  const cloud = cloudOf(readCloudName(account.service))
  const mayHold = cloud.mayHoldToken && office.addresses.encrypted
  const withToken = account.address === 'token' && mayHold && row.sealed_at === null
  const place = { tenant: account.slug, table: 'offhook.devices', row: String(row.device_id), column: 'token' }
  const address = office.addresses.of(row.family, withToken ? office.vault.open(row.token, place) : null)
  return address && { mac: row.mac, serial: row.serial, address }
}

/** What is kept of an address to know it again. */
export function digestAddress(address: Secret): Buffer {
  return createHash('sha256').update(address.reveal()).digest()
}

/** An address for people to read, without a token that it may hold. */
export function showAddress(address: Secret): string {
  return quoteAnswer(maskTokens(address.reveal()))
}
