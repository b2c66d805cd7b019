import type { Mac } from '../model/mac.ts'
import type { Secret } from '../model/secret.ts'
import type { RedirectFault } from './fault.ts'

/** A phone as its maker knows it. */
export type Phone = { mac: Mac; serial: string | null }

/** A phone and where it is to be sent. The address may hold the phone's token, so it is a secret. */
export type Placement = Phone & { address: Secret }

/** What became of each phone that was asked about; null: done. */
export type Outcomes = ReadonlyMap<Mac, RedirectFault | null>

/** What a service holds of a phone. An `address` of null: the service does not tell it. */
export type Holding = { state: 'ours'; address: Secret | null } | { state: 'absent' } | { state: 'elsewhere' }

/**
 * One account at one maker's redirect service. Whatever came to nothing as a whole is thrown as a RedirectFailure; what
 * concerns one phone is a value. Doing the same twice is the same as once.
 */
export type Connector = {
  /** Sends phones to their addresses, whatever the account held of them before. */
  register(placements: readonly Placement[], signal: AbortSignal): Promise<Outcomes>
  /** Forgets phones; those that it does not hold are done. */
  unregister(phones: readonly Phone[], signal: AbortSignal): Promise<Outcomes>
  /** What it holds of phones that should be sent to these addresses. */
  find(placements: readonly Placement[], signal: AbortSignal): Promise<ReadonlyMap<Mac, Holding>>
  /** Everything that the account holds, with the address where it is told; null: there is no such list. */
  list: ((signal: AbortSignal) => Promise<ReadonlyMap<Mac, Secret | null>>) | null
}

/** What a connector is opened with: `login` as the service's `login` names it, `options` checked. */
export type CloudLogin = {
  /** Without a closing slash. */
  url: string
  login: Readonly<Record<string, Secret>>
  options: Readonly<Record<string, string>>
}

/** Runs one phone after the other. */
export async function eachOf<P extends { mac: Mac }, T>(
  phones: readonly P[],
  work: (phone: P) => Promise<T>,
): Promise<Map<Mac, T>> {
  const done = new Map<Mac, T>()
  for (const phone of phones) done.set(phone.mac, await work(phone))
  return done
}

/** `00:15:65:AB:CD:EF` */
export function colonMac(mac: Mac): string {
  return mac.toUpperCase().replaceAll(/..(?=.)/g, '$&:')
}
