import type { LoginRecord, LoginRecords } from '../db/device-logins.ts'
import { parseMac } from '../model/mac.ts'
import type { Secret } from '../model/secret.ts'
import { generatePassword } from '../secrets/generate.ts'
import type { Vault } from '../secrets/vault.ts'

/** Where a phone's password is sealed. */
export function placeOfLogin(tenantSlug: string, deviceId: number) {
  return { tenant: tenantSlug, table: 'offhook.device_logins', row: String(deviceId), column: 'password' }
}

/**
 * The folders where phones are asked for their passwords, and the passwords. All of them are in memory, sealed: whether
 * a name is known costs no look-up, so it cannot be told by the time that an answer takes.
 */
export class Logins {
  readonly #vault: Vault
  /** Compared with what is said under a name that nobody has. */
  readonly #nobody: LoginRecord
  #byPath: ReadonlyMap<string, ReadonlyMap<string, LoginRecord>> = new Map()

  constructor(vault: Vault) {
    this.#vault = vault
    const [tenantSlug, deviceId] = ['', 0]
    const password = vault.seal(generatePassword(16, false), placeOfLogin(tenantSlug, deviceId))
    this.#nobody = { deviceId, tenantSlug, mac: parseMac('02ffffffffff')!, family: '', password }
  }

  replace({ addresses, logins }: LoginRecords): void {
    const byTenant = Map.groupBy(logins, ({ tenantSlug }) => tenantSlug)
    this.#byPath = new Map(
      addresses.map(({ path, tenantSlug }) => [
        path,
        new Map((byTenant.get(tenantSlug) ?? []).map((login) => [login.mac as string, login])),
      ]),
    )
  }

  get isAnyOpen(): boolean {
    return this.#byPath.size > 0
  }

  /** Whether phones are asked for their password in this folder. */
  isOpen(path: string): boolean {
    return this.#byPath.size > 0 && this.#byPath.has(path)
  }

  /**
   * What must be said under this name, a MAC address in any spelling; `deviceId` null: nobody has it, and the password is
   * one that nobody knows. @throws AppError `key-wrong`
   */
  find(path: string, name: string): { deviceId: number | null; family: string; password: Secret } {
    const mac = parseMac(name)
    const found = mac === null ? undefined : this.#byPath.get(path)?.get(mac)
    const { deviceId, tenantSlug, family, password } = found ?? this.#nobody
    const opened = this.#vault.open(password, placeOfLogin(tenantSlug, deviceId))
    return { deviceId: found ? deviceId : null, family, password: opened }
  }
}
