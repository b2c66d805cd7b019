import type { ReleasedDevice, ReleaseRecords, ReleaseWindow } from '../db/releases.ts'
import type { Mac } from '../model/mac.ts'

type DeviceState = { id: number; tenantId: number; sealedAtMs: number | null }

/** Monotonic milliseconds: a wall clock that is set back must not make a window last longer. */
export type Clock = () => number

/**
 * Who gets a file for a MAC address alone, and who gets one over TFTP, decided in memory at the time of the request. A
 * MAC address that no window is about is not looked up anywhere, so an unknown one and a known one take equally long.
 */
export class Releases {
  readonly #clock: Clock
  #windows: ReadonlyMap<string, readonly ReleaseWindow[]> = new Map()
  #devices: ReadonlyMap<Mac, ReleasedDevice> = new Map()
  #tftpTenants: ReadonlySet<number> = new Set()
  /** What to add to the own clock to get the database's. */
  #offsetMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Takes over what the database says.
   * @param readAtMs own clock before it was asked
   * @param unwritten devices that were sealed here, which the database may not know yet
   */
  replace(records: ReleaseRecords, readAtMs: number, unwritten: ReadonlyMap<number, number>): void {
    this.#offsetMs = records.nowMs - readAtMs
    this.#windows = Map.groupBy(records.windows, ({ tenantId, deviceId }) => windowKey(tenantId, deviceId))
    this.#devices = new Map(records.devices.map((device) => [device.mac, device]))
    this.#tftpTenants = new Set(records.tftpTenantIds)
    for (const device of records.devices) device.sealedAtMs = unwritten.get(device.id) ?? device.sealedAtMs
  }

  /** Now, by the database's clock. */
  nowMs(): number {
    return this.#clock() + this.#offsetMs
  }

  /** The phone that gets its files without a token now. */
  findByMac(mac: Mac): ReleasedDevice | null {
    const device = this.#devices.get(mac)
    return device && this.servesWithoutToken(device) ? device : null
  }

  /** True inside a window that was opened after the phone last came with its token. */
  servesWithoutToken(device: DeviceState): boolean {
    return this.#openWindows(device).some(
      ({ openedAtMs }) => device.sealedAtMs === null || openedAtMs >= device.sealedAtMs,
    )
  }

  /** True inside such a window of its own: not only because its whole tenant is released. */
  servesAlone(device: DeviceState): boolean {
    return this.#openWindows(device).some(
      ({ deviceId, openedAtMs }) =>
        deviceId !== null && (device.sealedAtMs === null || openedAtMs >= device.sealedAtMs),
    )
  }

  /** TFTP is read by anyone on the way: even a token needs a window and the tenant's consent. */
  servesOverTftp(device: DeviceState): boolean {
    return this.#tftpTenants.has(device.tenantId) && this.#openWindows(device).length > 0
  }

  /** Whether the tenant lets TFTP carry its configurations. */
  letsTftp({ tenantId }: Pick<DeviceState, 'tenantId'>): boolean {
    return this.#tftpTenants.has(tenantId)
  }

  /** When the last window of this device closes, by the database's clock; null: none is open. */
  closesAtMs(device: DeviceState): number | null {
    const open = this.#openWindows(device)
    return open.length === 0 ? null : Math.max(...open.map(({ closesAtMs }) => closesAtMs))
  }

  seal(device: { mac: Mac | null }, atMs: number): void {
    const released = device.mac === null ? undefined : this.#devices.get(device.mac)
    if (released) released.sealedAtMs = atMs
  }

  #openWindows({ id, tenantId }: DeviceState): ReleaseWindow[] {
    if (this.#windows.size === 0) return []
    const nowMs = this.nowMs()
    const windows = [
      ...(this.#windows.get(windowKey(tenantId, id)) ?? []),
      ...(this.#windows.get(windowKey(tenantId, null)) ?? []),
    ]
    return windows.filter(({ openedAtMs, closesAtMs }) => openedAtMs <= nowMs && nowMs < closesAtMs)
  }
}

function windowKey(tenantId: number, deviceId: number | null): string {
  return `${tenantId}/${deviceId ?? ''}`
}
