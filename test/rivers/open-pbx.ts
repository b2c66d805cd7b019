import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { parseAmiUrl } from '../../src/asterisk/ami/address.ts'
import { AmiClient } from '../../src/asterisk/ami/client.ts'
import { openInstallation } from '../../src/db/installation.ts'
import { createPool } from '../../src/db/pool.ts'
import { Secret } from '../../src/model/secret.ts'
import { createVault, type Vault } from '../../src/secrets/vault.ts'
import { startAsterisk, type RunningAsterisk } from '../support/asterisk/start-asterisk.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** An empty installation beside an Asterisk that runs already: nobody was imported yet, there is no tenant. */
export type Pbx = {
  database: TestDatabase
  /** What `OFFHOOK_KEY` must be. */
  key: string
  vault: Vault
  owner: pg.Pool
  asterisk: RunningAsterisk
  /** Logged in to Asterisk as Offhook is. */
  ami: AmiClient
  /** SIP passwords of all accounts by their names, as the phones get them. */
  readSecrets: () => Promise<Map<string, string>>
  close: () => Promise<void>
}

export async function openPbx(): Promise<Pbx> {
  const database = await createTestDatabase()
  const key = randomBytes(24).toString('hex')
  const vault = createVault(new Secret(key))
  const owner = createPool(database.url, 'owner')
  const { realm } = await openInstallation(owner, vault)
  const asterisk = await startAsterisk({ database: database.asterisk, realm })
  const ami = new AmiClient(parseAmiUrl(asterisk.amiUrl))
  await ami.whenReady()
  return {
    ...{ database, key, vault, owner, asterisk, ami },
    readSecrets: () => readSecrets(owner, vault),
    async close() {
      await ami.close()
      await asterisk.stop()
      await owner.end()
      await database.close()
    },
  }
}

async function readSecrets(owner: pg.Pool, vault: Vault): Promise<Map<string, string>> {
  const { rows } = await owner.query<{ id: number; name: string; secret: Buffer; tenant: string }>(
    `select e.id, e.name, e.secret, t.slug as tenant from endpoints e join tenants t on t.id = e.tenant_id
     where e.secret is not null order by e.id`,
  )
  return new Map(
    rows.map(({ id, name, secret, tenant }) => {
      const place = { tenant, table: 'offhook.endpoints', row: String(id), column: 'secret' }
      return [name, vault.open(secret, place).reveal()]
    }),
  )
}
