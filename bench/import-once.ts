import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loadFamilies } from '../src/boot/load-families.ts'
import { listModels } from '../src/boot/list-models.ts'
import { openInstallation } from '../src/db/installation.ts'
import { createPool } from '../src/db/pool.ts'
import { createTenant } from '../src/db/tenants.ts'
import { Secret } from '../src/model/secret.ts'
import { applyImport } from '../src/people/import-people.ts'
import { createVault } from '../src/secrets/vault.ts'

/** A process of its own, so that its memory is that of one import: `node import-once.ts URL FILE`. Prints one line of JSON. */
const [url, file] = process.argv.slice(2) as [string, string]
const owner = createPool(url, 'owner')
const pool = createPool(url, 'offhook_app')
const vault = createVault(new Secret(randomBytes(24).toString('hex')))
const desk = {
  ...{ pool, vault, installation: await openInstallation(owner, vault) },
  models: listModels(await loadFamilies()),
}
const tenant = await createTenant(owner, 'bench', 'Bench')
await pool.query('select 1')
const startedAt = performance.now()
const bytes = readFileSync(file)
const outcome = await applyImport(desk, {
  tenant,
  source: 'bench.csv',
  actor: 'bench',
  input: { kind: 'file', bytes },
  options: {},
})
const ms = performance.now() - startedAt
const { counts, changes, problems } = outcome
console.log(
  JSON.stringify({ ms, counts, changes, problems: problems.slice(0, 3), rssMb: process.resourceUsage().maxRSS / 1024 }),
)
await owner.end()
await pool.end()
