import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import { inTransaction } from '../../db/pool.ts'
import type { Vault } from '../../secrets/vault.ts'
import { sealLayer, writeStored } from './stored-layer.ts'
import { columnsOf, SETTINGS_TABLES, type SettingsRow, tryOpen } from './unreadable-settings.ts'

/** Names with a text behind them of which some are secrets: few rows have to be looked at closer. */
const SUSPECT = '"[^"]*(pass|pwd|psk|secret|credential|token|pin|key)[^"]*": "'

/**
 * Seals passwords and keys that stand among settings in plain text, as versions before this one took them from tenants,
 * profiles and phones. What is sealed stays as it is, byte for byte. As the owner.
 * @returns how many rows had some, and in sentences which ones were left because they hold what the key does not open:
 * one of them must not keep all other phones from being served
 */
export function sealPlainSettings(pool: pg.Pool, vault: Vault): Promise<{ sealed: number; unreadable: string[] }> {
  return inTransaction(pool, null, async (client) => {
    let sealed = 0
    const unreadable: string[] = []
    for (const table of SETTINGS_TABLES) {
      const { rows } = await client.query<SettingsRow>(
        `select ${columnsOf(table)} where r.settings <> '{}' and r.settings::text ~* $1 for update of r`,
        [SUSPECT],
      )
      for (const row of rows) {
        const layer = tryOpen({ vault }, row)
        if (typeof layer === 'string') unreadable.push(layer)
        else if (!isDeepStrictEqual(JSON.parse(JSON.stringify(sealLayer({ vault }, row, row, layer))), row.stored)) {
          await writeStored(client, { vault }, row, row, layer)
          sealed += 1
        }
      }
    }
    return { sealed, unreadable }
  })
}
