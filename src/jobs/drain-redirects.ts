import {
  claimRedirects,
  type ClaimedRedirect,
  clearRedirectNote,
  type DueAccount,
  dropRedirects,
  listTakenOver,
  markRedirect,
  pauseRedirects,
  readDueAccount,
  type RedirectOutcome,
  returnRedirects,
} from '../db/redirect-queue.ts'
import type { Mac } from '../model/mac.ts'
import { cloudOf } from '../redirect/clouds.ts'
import type { Connector, Placement } from '../redirect/connector.ts'
import { RedirectFailure } from '../redirect/fault.ts'
import { readCloudName } from '../redirect/read-account.ts'
import { digestAddress, placeRedirect, type RedirectOffice } from './place-redirects.ts'
import { accountPauseS, checkedOutcome, failedOutcome, registeredOutcome } from './redirect-outcomes.ts'

/** Longer than a batch takes. Who dies with phones in hand leaves them to others after this time. */
const LEASE_S = 900

export type DrainedRedirects = {
  confirmed: number
  forgotten: number
  /** Refused or not shown yet; tried again where that can help. */
  open: number
  /** MAC addresses of phones that the service was found to send somewhere else. */
  altered: Mac[]
  /** Why the account as a whole could not be worked with. */
  failure: string | null
}

/** Does what is due of one account until nothing is, the account fails as a whole, or `closing`. */
export async function drainRedirects(
  office: RedirectOffice,
  accountId: number,
  closing: AbortSignal,
): Promise<DrainedRedirects> {
  const drained: DrainedRedirects = { confirmed: 0, forgotten: 0, open: 0, altered: [], failure: null }
  const isClosing = () => closing.aborted
  while (!isClosing()) {
    const account = await readDueAccount(office.pool, accountId)
    if (!account) break
    const { batch } = cloudOf(readCloudName(account.service))
    const rows = await claimRedirects(office.pool, accountId, { limit: batch, leaseS: LEASE_S })
    if (rows.length === 0) break
    const left = new Map(rows.map((row) => [row.id, row]))
    try {
      await new Batch(office, account, drained, left).work(rows, closing)
      await clearRedirectNote(office.pool, accountId)
    } catch (error) {
      await returnRedirects(office.pool, [...left.keys()])
      if (isClosing()) break
      if (!(error instanceof RedirectFailure)) throw error
      drained.failure = error.message
      const pauseOf = (failures: number) => accountPauseS(error, failures)
      await pauseRedirects(office.pool, accountId, { note: error.message, pauseOf })
      break
    }
  }
  return drained
}

/** Phones of one account that were taken together. What is noted of one leaves `left`. */
class Batch {
  readonly #office: RedirectOffice
  readonly #account: DueAccount
  readonly #connector: Connector
  readonly #drained: DrainedRedirects
  readonly #left: Map<number, ClaimedRedirect>

  constructor(
    office: RedirectOffice,
    account: DueAccount,
    drained: DrainedRedirects,
    left: Map<number, ClaimedRedirect>,
  ) {
    this.#office = office
    this.#account = account
    this.#connector = office.connect(account)
    this.#drained = drained
    this.#left = left
  }

  async work(rows: readonly ClaimedRedirect[], signal: AbortSignal): Promise<void> {
    await this.#forget(
      rows.filter(({ present }) => !present),
      signal,
    )
    const placed = rows
      .filter(({ present }) => present)
      .map((row) => ({ row, placement: placeRedirect(this.#office, this.#account, row) }))
      .filter((one): one is Placed => one.placement !== null)
    // Where it is to go has changed since, so there is nothing to compare.
    const isKnown = ({ row, placement }: Placed) =>
      (row.state === 'sent' || row.state === 'confirmed') &&
      row.sent_sha256?.equals(digestAddress(placement.address)) === true
    await this.#register(
      placed.filter((one) => !isKnown(one)),
      signal,
    )
    await this.#check(placed.filter(isKnown), signal)
    // Phones that have just gone from here: what is to become of them is asked anew.
    await returnRedirects(this.#office.pool, [...this.#left.keys()])
  }

  async #forget(rows: readonly ClaimedRedirect[], signal: AbortSignal): Promise<void> {
    if (rows.length === 0) return
    const others = new Set(
      await listTakenOver(
        this.#office.pool,
        rows.map(({ id }) => id),
      ),
    )
    const leaving = rows.filter(({ id }) => !others.has(id))
    const outcomes = leaving.length === 0 ? new Map<Mac, null>() : await this.#connector.unregister(leaving, signal)
    const gone = rows.filter(({ mac }) => (outcomes.get(mac) ?? null) === null)
    await dropRedirects(this.#office.pool, gone)
    for (const { id } of gone) this.#left.delete(id)
    this.#drained.forgotten += gone.length
    for (const row of leaving) {
      const fault = outcomes.get(row.mac)
      if (fault) await this.#note(row, failedOutcome(row, fault))
    }
  }

  async #register(placed: readonly Placed[], signal: AbortSignal): Promise<void> {
    if (placed.length === 0) return
    const outcomes = await this.#connector.register(
      placed.map(({ placement }) => placement),
      signal,
    )
    const taken = placed.filter(({ row }) => outcomes.get(row.mac) === null)
    for (const { row } of placed) {
      const fault = outcomes.get(row.mac)
      if (fault) await this.#note(row, failedOutcome(row, fault))
    }
    if (taken.length === 0) return
    const held = await this.#connector.find(
      taken.map(({ placement }) => placement),
      signal,
    )
    for (const { row, placement } of taken) await this.#note(row, registeredOutcome(row, placement, held.get(row.mac)))
  }

  async #check(placed: readonly Placed[], signal: AbortSignal): Promise<void> {
    if (placed.length === 0) return
    const held = await this.#connector.find(
      placed.map(({ placement }) => placement),
      signal,
    )
    for (const { row } of placed) await this.#note(row, checkedOutcome(row, held.get(row.mac)))
  }

  async #note(row: ClaimedRedirect, outcome: RedirectOutcome): Promise<void> {
    await markRedirect(this.#office.pool, outcome)
    this.#left.delete(row.id)
    if (outcome.alteredTo !== null) this.#drained.altered.push(row.mac)
    this.#drained[outcome.state === 'confirmed' ? 'confirmed' : 'open']++
  }
}

type Placed = { row: ClaimedRedirect; placement: Placement }
