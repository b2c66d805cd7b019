import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readGrandstream } from './grandstream.ts'

const second = { ...LINE, position: 2, user: '1002-acme', authUser: '1002-acme', password: 'Second-passw0rd' }

describe.each([
  ['grandstream-ht', 'HT802', { user: 'P35', password: 'P34', displayName: 'P3' }],
  ['grandstream-ht', 'HT818', { user: 'P4060', password: 'P4120', displayName: 'P4180' }],
  ['grandstream-dp', 'DP750', { user: 'P4060', password: 'P4120', displayName: 'P4180' }],
])('%s, %s', (family, model, names) => {
  const read = (settings: object) => readGrandstream(renderFor(family, { model, settings })).values

  itCarriesValues({
    family,
    model,
    read: (bytes) => {
      const { values } = readGrandstream(bytes)
      return {
        displayName: values.get(names.displayName)!,
        user: values.get(names.user)!,
        password: values.get(names.password)!,
        server: values.get('P47')!.replace(/:5060$/, ''),
        size: values.size,
      }
    },
  })

  it('pins where it comes from, checks certificates and sets its password', () => {
    expect(Object.fromEntries(read({ lines: [LINE] }))).toMatchObject({
      P212: '2',
      P237: 'phones.example.org/Abcdefghijklmnopqrstuv/',
      P145: '0',
      P1414: '0',
      // TR-069, by which the vendor's cloud would otherwise have the last word.
      P1409: '0',
      P22030: '1',
      P2: NEEDED.adminPassword,
      P243: '1',
    })
  })

  it('turns off what an earlier file may have turned on', () => {
    const all = read({ lines: [LINE] })
    expect(all.get('P401')).toBe('0')
    if (model !== 'HT802') expect([all.get('P4596'), all.get('P4121')]).toEqual(['0', ''])
  })

  it('speaks to the second server of a device by its second profile', () => {
    const other = { ...second, serverHost: 'branch.example.org', transport: 'tls', srtp: 'required', dtmf: 'info' }
    const all = read({ lines: [LINE, other] })
    expect(Object.fromEntries(all)).toMatchObject({
      P271: '1',
      P47: 'pbx.example.org:5060',
      P401: '1',
      P747: 'branch.example.org:5061',
      P830: '2',
      P443: '2',
      P860: '102',
    })
    if (model !== 'HT802') expect([all.get('P4150'), all.get('P4151')]).toEqual(['0', '1'])
  })

  it('goes on from the file of its model', () => {
    const { mac, values } = readGrandstream(renderBootstrapOf(family, 'http://192.0.2.1:8081/'))
    expect(mac).toBeNull()
    expect([...values]).toEqual([
      ['P212', '1'],
      ['P237', '192.0.2.1:8081/'],
    ])
  })
})

it('an adapter with a table of sockets refuses a third server, which no profile could hold', () => {
  const lines = ['a', 'b', 'c'].map((name, index) => ({
    ...LINE,
    position: index + 1,
    serverHost: `${name}.example.org`,
  }))
  for (const [family, model] of [
    ['grandstream-ht', 'HT814'],
    ['grandstream-dp', 'DP750'],
  ] as const)
    expect(() => renderFor(family, { model, settings: { lines } })).toThrow(/no profile 3/)
})

it('a desk phone with boards beside it counts their keys through', () => {
  const blf = (position: number) => ({ position, kind: 'blf', value: '1002', label: 'Bob', line: 2 })
  const keys = [blf(48 + 1), blf(48 + 40 + 2), { ...blf(48 + 160), kind: 'dnd' }]
  const { values } = readGrandstream(renderFor('grandstream', { model: 'GXP2170', settings: { lines: [LINE], keys } }))
  expect(Object.fromEntries(values)).toMatchObject({
    P23000: '1',
    P23001: '1',
    P23002: 'Bob',
    P23003: '1002',
    P23005: '-1',
    P23205: '1',
    P23208: '1002',
    P23795: '-1',
  })
})
