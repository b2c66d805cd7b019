import type { Mac } from '../model/mac.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { PlanModel, PlanTenant, Supply } from './supply.ts'

/** A device with the lines of everybody on it. */
export type DeviceRows = { device: Row; lines: Row[] }

/** What a plan knows of the database: everything that the people of an import may touch or collide with. */
export type Snapshot = {
  people: PersonRows[]
  dids: Row[]
  devices: DeviceRows[]
  /** Location name to id. */
  locations: ReadonlyMap<string, number>
  /** Asterisk's rows that we may want, by `assetKey`. */
  asterisk: ReadonlyMap<string, Row>
  /** Those of them that are ours, by `assetKey`. */
  owned: ReadonlySet<string>
  /** MAC addresses and public numbers that other tenants hold. */
  takenMacs: ReadonlySet<string>
  takenDids: ReadonlySet<string>
}

export type PlanOptions = {
  tenant: PlanTenant
  /** By lower-case name. */
  models: ReadonlyMap<string, PlanModel>
  adopt: boolean
  supply: Supply
}

/**
 * The registers of one planning run. People are planned in chunks, each with a snapshot of its own; the registers go on
 * from chunk to chunk, so that two rows cannot take one thing however far apart they stand.
 */
export type PlanRun = PlanOptions & {
  snapshot: Snapshot
  usernames: Map<string, number>
  dids: Map<string, Row>
  /** Null: given back by somebody earlier in this run. */
  devicesByMac: Map<Mac, DeviceRows | null>
  /** Own rows that an earlier person of this run brings already, by `assetKey`. */
  plannedRows: Set<string>
  /** The row of the input that meant a user, by the user's id. */
  rowOfUser: Map<number, number>
}

export function startRun(options: PlanOptions): Omit<PlanRun, 'snapshot'> {
  return {
    ...options,
    usernames: new Map(),
    dids: new Map(),
    devicesByMac: new Map(),
    plannedRows: new Set(),
    rowOfUser: new Map(),
  }
}

/** Adds what a chunk's snapshot knows; what the run has planned itself is newer and stays. */
export function withSnapshot(run: Omit<PlanRun, 'snapshot'>, snapshot: Snapshot): PlanRun {
  const learn = <K, V>(register: Map<K, V>, key: K, value: V) => {
    if (!register.has(key)) register.set(key, value)
  }
  for (const { user } of snapshot.people) learn(run.usernames, String(user['username']), Number(user['id']))
  for (const did of snapshot.dids) learn(run.dids, String(did['number']), did)
  for (const entry of snapshot.devices)
    if (entry.device['mac'] !== null) learn(run.devicesByMac, entry.device['mac'] as Mac, entry)
  return { ...run, snapshot }
}
