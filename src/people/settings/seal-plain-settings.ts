import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import { inTransaction } from '../../db/pool.ts'
import type { Vault } from '../../secrets/vault.ts'
import type { PlacedSettings } from './settings-place.ts'
import { openStored, sealLayer, writeStored } from './stored-layer.ts'

const TABLES = ['tenants', 'locations', 'profiles', 'devices'] as const

/** Names with a text behind them of which some are secrets: few rows have to be looked at closer. */
const SUSPECT = '"[^"]*(pass|pwd|psk|secret|credential|token|pin|key)[^"]*": "'

type Stored = Pick<PlacedSettings, 'id' | 'stored'> & { slug: string }

/**
 * Seals passwords and keys that stand among settings in plain text, as versions before this one took them from tenants,
 * profiles and phones. What is sealed stays as it is, byte for byte. As the owner.
 * @returns how many rows had some
 * @throws AppError `key-wrong`
 */
export function sealPlainSettings(pool: pg.Pool, vault: Vault): Promise<number> {
  return inTransaction(pool, null, async (client) => {
    let sealed = 0
    for (const table of TABLES) {
      const owner = table === 'tenants' ? 'id' : 'tenant_id'
      const { rows } = await client.query<Stored>(
        `select r.id, r.settings as stored, t.slug from offhook.${table} r join offhook.tenants t on t.id = r.${owner}
         where r.settings <> '{}' and r.settings::text ~* $1 for update of r`,
        [SUSPECT],
      )
      for (const { id, stored, slug } of rows) {
        const layer = openStored({ vault }, { slug }, { table, id, stored })
        if (isDeepStrictEqual(JSON.parse(JSON.stringify(sealLayer({ vault }, { slug }, { table, id }, layer))), stored))
          continue
        await writeStored(client, { vault }, { slug }, { table, id }, layer)
        sealed += 1
      }
    }
    return sealed
  })
}
