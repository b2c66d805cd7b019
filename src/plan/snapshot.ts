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

/** The registers of one planning run. They follow along as people are planned, so that two rows cannot take one thing. */
export type PlanRun = PlanOptions & {
  snapshot: Snapshot
  usernames: Map<string, number>
  dids: Map<string, Row>
  devicesByMac: Map<Mac, DeviceRows>
  /** Own rows that an earlier person of this run brings already, by `assetKey`. */
  plannedRows: Set<string>
}

export function startRun(snapshot: Snapshot, options: PlanOptions): PlanRun {
  return {
    ...options,
    snapshot,
    usernames: new Map(snapshot.people.map(({ user }) => [String(user['username']), Number(user['id'])])),
    dids: new Map(snapshot.dids.map((did) => [String(did['number']), did])),
    devicesByMac: new Map(
      snapshot.devices.flatMap((entry) =>
        entry.device['mac'] === null ? [] : [[entry.device['mac'] as Mac, entry] as const],
      ),
    ),
    plannedRows: new Set(),
  }
}
