import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPeople } from '../import/read-people.ts'
import { mergeChanges, type Change, type PersonPlan, invertChange } from '../../src/plan/change.ts'
import { assetKey } from '../../src/plan/diff.ts'
import { planPeople } from '../../src/plan/plan-import.ts'
import { isSameRow, type Row } from '../../src/plan/row.ts'
import { type Snapshot, startRun, withSnapshot } from '../../src/plan/snapshot.ts'
import { compileRules } from '../../src/import/rule-layers.ts'
import { randomList, toCsv } from '../people/random-list.ts'
import { countRuns } from '../support/runs.ts'
import { makeSupply } from './supply.ts'

const MODELS = new Map(
  [
    { family: 'yealink', model: 'T46U', lines: 16, softphone: false, sha256: true },
    { family: 'grandstream', model: 'GRP2614', lines: 4, softphone: false, sha256: true },
    { family: 'linphone', model: 'Linphone', lines: 1, softphone: true, sha256: true },
  ].map((model) => [model.model.toLowerCase(), model]),
)

const EMPTY: Snapshot = {
  ...{ people: [], dids: [], devices: [], locations: new Map([['Berlin', 90_001]]) },
  ...{
    groups: ['Sales', 'Support'].map((name, at) => ({ id: 80_001 + at, name, queue: `q${at}-acme` })),
    keys: [],
    mailboxNames: new Set<string>(),
    keptNumbers: new Set<string>(),
  },
  ...{ asterisk: new Map(), owned: new Set(), takenMacs: new Set(), takenDids: new Set() },
}

const rules = compileRules([])
const rulesAt = () => rules(null)

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
  return value
}

function plan(csv: string): PersonPlan[] {
  const { people } = readPeople(Buffer.from(csv), { known: { models: ['T46U', 'GRP2614', 'Linphone'] } })
  const tenant = { id: 1, slug: 'acme' }
  const run = startRun({ tenant, models: MODELS, adopt: false, update: true, supply: makeSupply(), rulesAt })
  return planPeople(deepFreeze(people), withSnapshot(run, deepFreeze(EMPTY)))
}

test('the same people and the same supply give the same plan, and nothing that comes in is changed', () => {
  fc.assert(
    fc.property(randomList, (list) => {
      expect(plan(toCsv(list))).toEqual(plan(toCsv(list)))
    }),
    { numRuns: countRuns(100, 5000) },
  )
})

test('a plan never shows a secret, however it is printed', () => {
  const [person] = plan(
    'extension,last_name,mac,model,voicemail_pin,password\n1001,Abel,001565000001,T46U,48151623,canary-42',
  )
  const printed = JSON.stringify(person)
  for (const secret of ['48151623', 'canary-42', 'sip-', 'token-', 'admin-']) expect(printed).not.toContain(secret)
  expect(printed).toContain('***')
})

type Tables = Map<string, Row>

function replay(tables: Tables, changes: Change[]): Tables {
  const after = new Map(tables)
  for (const change of changes) {
    const key = assetKey(change.table, change.key)
    const there = after.get(key) ?? null
    expect(there === null ? change.before === null : isSameRow(change.before ?? {}, there)).toBe(true)
    if (change.after) after.set(key, { ...there, ...change.after })
    else after.delete(key)
  }
  return after
}

test('changes of one row merge into one with the same effect, and inverted in reverse they cancel out', () => {
  fc.assert(
    fc.property(randomList, (list) => {
      const changes = plan(toCsv(list)).flatMap((person) => person.changes)
      const after = replay(new Map(), changes)
      const merged = mergeChanges(changes)
      expect(new Set(merged.map(({ table, key }) => assetKey(table, key))).size).toBe(merged.length)
      expect(replay(new Map(), merged)).toEqual(after)
      const back = changes.toReversed().map(invertChange)
      expect(replay(after, back)).toEqual(new Map())
      expect(mergeChanges([...changes, ...back])).toEqual([])
    }),
    { numRuns: countRuns(100, 5000) },
  )
})

test('what comes from one person and goes to another is one update', () => {
  const change = (before: Row | null, after: Row | null): Change => ({
    ...{ table: 'asterisk.extensions', key: 'did/49/1', before, after },
  })
  const [one, two] = [{ appdata: 'one' }, { appdata: 'two' }]
  expect(mergeChanges([change(one, null), change(null, two)])).toEqual([change(one, two)])
  expect(mergeChanges([change(null, one), change(one, null)])).toEqual([])
})
