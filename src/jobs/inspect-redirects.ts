import { listPlacedRedirects, readAnyAccount } from '../db/redirect-queue.ts'
import type { Mac } from '../model/mac.ts'
import type { Secret } from '../model/secret.ts'
import { cloudOf } from '../redirect/clouds.ts'
import type { Connector, Holding, Placement } from '../redirect/connector.ts'
import { readCloudName } from '../redirect/read-account.ts'
import { placeRedirect, type RedirectOffice, showAddress } from './place-redirects.ts'

export type InspectedAccount = {
  /** False: there was nothing that could be asked, so nothing is known of the account either. */
  asked: boolean
  /** Phones that the service holds as they should be; those whose address it does not tell count too. */
  right: number
  /** Whether the service tells addresses. */
  tellsAddresses: boolean
  /** Phones that it sends somewhere else, and where. */
  elsewhere: { mac: Mac; held: string }[]
  /** Phones that it should hold and does not. */
  missing: Mac[]
  /** Phones that the account holds and that nobody here knows of; null: the service has no list. */
  unknown: Mac[] | null
}

/**
 * Asks a service what it holds and compares; changes nothing.
 * @throws RedirectFailure when the service cannot be asked: its message says what to do
 */
export async function inspectRedirects(
  office: RedirectOffice,
  accountId: number,
  signal: AbortSignal,
): Promise<InspectedAccount> {
  const account = await readAnyAccount(office.pool, accountId)
  const connector = office.connect(account)
  const rows = await listPlacedRedirects(office.pool, accountId)
  const placements = rows.flatMap((row) => placeRedirect(office, account, row) ?? [])
  const listed = connector.list ? await connector.list(signal) : null
  const { batch } = cloudOf(readCloudName(account.service))
  const held = await findAll(connector, placements, listed, batch, signal)

  const known = new Set(placements.map(({ mac }) => mac))
  const inspected: InspectedAccount = {
    ...{ asked: listed !== null || placements.length > 0, right: 0, tellsAddresses: false, elsewhere: [], missing: [] },
    unknown: listed && [...listed.keys()].filter((mac) => !known.has(mac)),
  }
  for (const { mac, address } of placements) {
    const holding = held.get(mac)
    if (holding?.state === 'ours' && holding.address !== null) inspected.tellsAddresses = true
    if (holding?.state === 'ours' && (holding.address === null || holding.address.equals(address))) inspected.right++
    else if (holding?.state === 'ours') inspected.elsewhere.push({ mac, held: showAddress(holding.address!) })
    else if (holding?.state === 'elsewhere') inspected.elsewhere.push({ mac, held: 'another account holds it' })
    else inspected.missing.push(mac)
  }
  return inspected
}

/** From the list where it tells addresses, else phone by phone. */
async function findAll(
  connector: Connector,
  placements: readonly Placement[],
  listed: ReadonlyMap<Mac, Secret | null> | null,
  batch: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<Mac, Holding>> {
  const asked = placements.filter(({ mac }) => listed?.get(mac) === undefined || listed.get(mac) === null)
  const held = new Map<Mac, Holding>(
    [...(listed ?? [])].flatMap(([mac, address]) => (address ? [[mac, { state: 'ours', address }] as const] : [])),
  )
  for (let at = 0; at < asked.length; at += batch)
    for (const [mac, holding] of await connector.find(asked.slice(at, at + batch), signal)) held.set(mac, holding)
  return held
}
