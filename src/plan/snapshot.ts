import type { Mac } from '../model/mac.ts'
import type { RulesInEffect } from '../model/rules.ts'
import type { AsteriskState } from './diff.ts'
import { type NumberRegister, openNumberRegister } from './number-register.ts'
import type { PersonRows } from './person-rows.ts'
import type { FreedNumber } from './renumber.ts'
import type { Row, Value } from './row.ts'
import type { PlanModel, PlanTenant, Supply } from './supply.ts'

/** A device with the lines of everybody on it. */
export type DeviceRows = { device: Row; lines: Row[] }

/** What a plan knows of the database: everything that the people of an import may touch or collide with. */
export type Snapshot = AsteriskState & {
  asterisk: ReadonlyMap<string, Row>
  people: PersonRows[]
  dids: Row[]
  devices: DeviceRows[]
  /** All of the tenant. */
  groups: Row[]
  /** Keys of phones and profiles that show one of the people's numbers. */
  keys: Row[]
  /** Names that mailboxes have or had; by them Asterisk stores recordings. */
  mailboxNames: ReadonlySet<string>
  /** Extensions of people who left, whose mailbox was kept. */
  keptNumbers: ReadonlySet<string>
  /** Location name to id. */
  locations: ReadonlyMap<string, number>
  /** MAC addresses and public numbers that other tenants hold. */
  takenMacs: ReadonlySet<string>
  takenDids: ReadonlySet<string>
}

export type PlanOptions = {
  tenant: PlanTenant
  /** By lower-case name. */
  models: ReadonlyMap<string, PlanModel>
  adopt: boolean
  /** Changes of people who exist will be done, so that rows after them may count on it. */
  update: boolean
  /** A password replaces also one that somebody has chosen since they got their first. */
  reissue?: boolean
  supply: Supply
  /** By a location's name or id, null and undefined for people of none. */
  rulesAt: (location: string | number | null | undefined) => RulesInEffect
  /** Internal numbers that nobody without one may get: what is there, and what rows of the input name. */
  takenNumbers?: Iterable<string>
  /** Numbers that change hands within the import. */
  freed?: ReadonlyMap<string, FreedNumber>
  /** Phones that more than one row names: of a new one that is not among them nobody else need know. All, if not given. */
  contested?: ReadonlySet<Mac>
}

/**
 * The registers of one planning run. People are planned in chunks, each with a snapshot of its own; the registers go on
 * from chunk to chunk, so that two rows cannot take one thing however far apart they stand.
 */
export type PlanRun = PlanOptions & {
  snapshot: Snapshot
  numbers: NumberRegister
  /** In these, null stands for what somebody earlier in this run gave up. */
  usernames: Map<string, number | null>
  dids: Map<string, Row | null>
  devicesByMac: Map<Mac, DeviceRows | null>
  /** Rows that more than one person may be on, devices and public numbers, as they are by now; by id. */
  sharedRows: Map<Value, Row>
  /** Rows of Asterisk's tables that somebody earlier in this run gives up, by `assetKey`. */
  released: Set<string>
  /** Rows of Asterisk's tables that somebody earlier in this run has taken, by `assetKey`. */
  claimed: Set<string>
  /** Numbers that change hands within the import. */
  freed: ReadonlyMap<string, FreedNumber>
  /** Which row said what model a device is, by the device's id. */
  modelSaid: Map<Value, { row: number; model: string }>
  /** The row of the input that meant a user, by the user's id. */
  rowOfUser: Map<number, number>
}

export function startRun(options: PlanOptions): Omit<PlanRun, 'snapshot'> {
  return {
    ...options,
    numbers: openNumberRegister(options.takenNumbers),
    usernames: new Map(),
    dids: new Map(),
    devicesByMac: new Map(),
    sharedRows: new Map(),
    released: new Set(),
    claimed: new Set(),
    freed: options.freed ?? new Map(),
    modelSaid: new Map(),
    rowOfUser: new Map(),
  }
}

/** Adds what a chunk's snapshot knows; what the run has planned itself is newer and stays. */
export function withSnapshot(run: Omit<PlanRun, 'snapshot'>, snapshot: Snapshot): PlanRun {
  const learn = <K, V>(register: Map<K, V>, key: K, value: V) => {
    if (!register.has(key)) register.set(key, value)
  }
  for (const { user } of snapshot.people) learn(run.usernames, String(user['username']), Number(user['id']))
  for (const did of snapshot.dids) {
    learn(run.dids, String(did['number']), did)
    learn(run.sharedRows, did['id']!, did)
  }
  for (const entry of snapshot.devices) {
    learn(run.sharedRows, entry.device['id']!, entry.device)
    if (entry.device['mac'] !== null) learn(run.devicesByMac, entry.device['mac'] as Mac, entry)
  }
  return { ...run, snapshot }
}
