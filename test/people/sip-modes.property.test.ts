import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSource } from '../../src/import/read-source.ts'
import { applyImport } from '../../src/people/import-people.ts'
import { writePeople } from '../import/write-all.ts'
import type { Person, SipMode } from '../../src/model/person.ts'
import { countRuns } from '../support/runs.ts'
import { exportAll } from './export-all.ts'
import { openTestDesk } from './open-test-desk.ts'

const { database, desk } = await openTestDesk()

const MODES: fc.Arbitrary<Pick<Person, 'sip_mode' | 'sip_uri' | 'pbx_domain' | 'pbx_device'>> = fc.oneof(
  fc.constantFrom<Pick<Person, 'sip_mode'>>({}, { sip_mode: 'builtin' }, { sip_mode: 'webrtc' }),
  fc.record({
    sip_mode: fc.constant<SipMode>('uri'),
    sip_uri: fc.constantFrom(
      'sip:door@192.0.2.7',
      'sips:A@gate.example.org:5061;transport=tls',
      'sip:7@pbx.example.org',
    ),
  }),
  fc.record(
    {
      sip_mode: fc.constant<SipMode>('pbx'),
      pbx_domain: fc.constantFrom('pbx.example.org', '192.0.2.7:5062', 'old-pbx.example.test'),
      pbx_device: fc.constantFrom('7', 'desk.7', 'A_b-c'),
    },
    { requiredKeys: ['sip_mode', 'pbx_domain'] },
  ),
)
const PEOPLE = fc.array(
  fc.tuple(MODES, fc.boolean(), fc.constantFrom<Partial<Person>>({}, {}, { telephony: false }, { suspended: true })),
  { minLength: 1, maxLength: 12 },
)

function send(bytes: Buffer, options: { update?: boolean; prune?: boolean }) {
  const source = { kind: 'file', bytes } as const
  return applyImport(desk, { tenant: desk.acme, source: 'people.csv', actor: 'test', input: source, options })
}

test('whoever telephones in whatever way is exported so, and imported again is not changed', async () => {
  await fc.assert(
    fc.asyncProperty(PEOPLE, fc.constantFrom('csv', 'xlsx'), async (drawn, format) => {
      const people = drawn.map(([mode, hasPhone, more], n): Person => ({
        ...{ row: n + 1, extension: String(1001 + n), first_name: 'Ada', ...mode, ...more },
        ...(hasPhone &&
          more.telephony !== false && {
            mac: `0015650010${String(n).padStart(2, '0')}` as Person['mac'],
            model: 'T46U',
          }),
      }))
      expect((await send(writePeople(people), { update: true, prune: true })).problems).toEqual([])
      const bytes = await exportAll(desk, desk.acme, format)
      const again = await send(bytes, { update: true, prune: true })
      expect(again.changes).toEqual({ create: 0, update: 0, delete: 0 })
      expect(again.counts).toEqual({ new: 0, changed: 0, unchanged: people.length, missing: 0, problem: 0 })
      const { header, rows } = await readSource({ kind: 'file', bytes })
      const modes = rows.map(({ cells }) => cells[header.indexOf('sip_mode')])
      expect(modes).toEqual(people.map((each) => (each.telephony === false ? '' : (each.sip_mode ?? 'builtin'))))
      // Into an empty tenant it makes the same again.
      const accounts = 'select name, kind, sip_uri, pbx_domain, pbx_device from offhook.endpoints order by name'
      const { rows: before } = await database.query(accounts)
      await send(Buffer.from('extension,first_name\n1999,Nobody\n'), { update: true, prune: true })
      expect((await send(bytes, { update: true, prune: true })).problems).toEqual([])
      expect((await database.query(accounts)).rows).toEqual(before)
      await send(Buffer.from('extension,first_name\n1999,Nobody\n'), { update: true, prune: true })
    }),
    { numRuns: countRuns(15, 300) },
  )
}, 900_000)
