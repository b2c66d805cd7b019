import { createToken } from '../src/people/access-tokens.ts'
import { requestUndo } from '../src/people/stored-imports/request-undo.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { apply, become, type LargeSite, openLargeSite, PEOPLE, plan } from './import/large-site.ts'
import { PHONE_TIMEOUT_MS } from './import/phone-traffic.ts'
import type { BenchResult } from './result.ts'

const MOST = { moreMb: 100, delayMs: 50 }

/**
 * 50,000 people exported in both formats, given new passwords' worth of credentials and taken back by the process that
 * serves phones meanwhile: whatever is done for one admin, phones are answered.
 */
export async function run(): Promise<BenchResult[]> {
  const database = await createTestDatabase()
  const site = await openLargeSite(database)
  try {
    const { id } = await plan(site)
    await apply(site, id)
    let peakBeforeMb = (await site.ask()).peakMb
    const results: BenchResult[] = []
    const measure = async (name: string, work: () => Promise<unknown>) => {
      const startedAt = performance.now()
      await work()
      const tookS = (performance.now() - startedAt) / 1000
      const { delayP999Ms, peakMb } = await site.ask()
      results.push(
        beside(`${name} in`, tookS, 1, 's'),
        under(`event-loop delay during ${name}, p99.9`, delayP999Ms, MOST.delayMs, 'ms'),
        under(`memory that ${name} takes beyond what was taken before`, peakMb - peakBeforeMb, MOST.moreMb, 'MB'),
      )
      peakBeforeMb = peakMb
    }
    const token = await makeToken(site)
    await measure('export as csv', () => fetchAll(site, token, 'GET', 'exports/users?format=csv'))
    await measure('export as xlsx', () => fetchAll(site, token, 'GET', 'exports/users?format=xlsx'))
    await measure('credentials', () => fetchAll(site, token, 'POST', `imports/${id}/credentials.csv`))
    await measure('undo', async () => {
      await requestUndo(site.desk, site.tenant, id, 'bench')
      await become('undone', site.desk, site.tenant, id)
    })
    const { failed, requests, p999Ms } = await site.traffic.stop()
    const served = { name: 'phones not served meanwhile', ours: failed, peer: requests, unit: 'requests' }
    return [
      ...results,
      { ...served, ratio: failed / requests, bar: '<= 0', pass: failed === 0 },
      beside('phones wait meanwhile, p99.9, beside their timeout', p999Ms, PHONE_TIMEOUT_MS, 'ms'),
    ]
  } finally {
    await site.close()
    await database.close()
  }
}

function under(name: string, ours: number, limit: number, unit: string): BenchResult {
  return { ...beside(name, ours, limit, unit), bar: '<= 1', pass: ours <= limit }
}

function beside(name: string, ours: number, peer: number, unit: string): BenchResult {
  return { name: `50,000 people: ${name}`, ours, peer, unit, ratio: ours / peer, bar: 'none', pass: true }
}

async function makeToken({ owner, tenant }: LargeSite): Promise<string> {
  const wanted = { tenantId: tenant.id, name: 'bench', scopes: ['people:write'], days: 1, actor: 'bench' }
  return (await createToken(owner, wanted)).token.reveal()
}

/** Reads the whole answer, which must be worth the name. */
async function fetchAll({ ports }: LargeSite, token: string, method: string, path: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` }
  const response = await fetch(`http://127.0.0.1:${ports.people}/api/v1/${path}`, { method, headers })
  let bytes = 0
  for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length
  if (response.status !== 200 || bytes < PEOPLE * 20) throw new Error(`${path}: ${response.status}, ${bytes} bytes`)
}
