import { describe, expect, it } from 'vitest'
import { LINE, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readDinstar } from './dinstar.ts'

const family = 'dinstar'
const model = 'DAG1000-4S'
const write = (settings: object) => readDinstar(renderFor(family, { model, settings: { lines: [LINE], ...settings } }))

describe('Dinstar DAG', () => {
  itCarriesValues({
    family,
    model,
    read: (bytes) => {
      const all = readDinstar(bytes)
      return {
        displayName: all.get('sipacc/sipacc1/display')!,
        user: all.get('sipacc/sipacc1/user_id')!,
        password: all.get('sipacc/sipacc1/auth_pwd')!,
        server: all.get('sipserver/server0/domain')!,
        size: all.size,
      }
    },
  })

  it('turns off the ports that nobody has', () => {
    expect(Object.fromEntries(write({}))).toMatchObject({
      'ports/port1/enable': 'enable',
      'ports/port1/primary_sipacc_id': '1',
      'ports/port2/enable': 'disable',
      'ports/port4/primary_sipacc_id': '65535',
      'sipacc/sipacc4/isregister': 'disable',
      'sipacc/sipacc4/auth_pwd': '',
    })
  })

  it('fills the places for codecs in order and empties the others', () => {
    const all = write({ codecs: ['g729', 'opus', 'pcma'] })
    expect([0, 1, 2].map((slot) => all.get(`media/codec${slot}/name`))).toEqual(['18', '8', '255'])
  })

  it('refuses what would leave a call open, or pressed digits unheard', () => {
    expect(() => write({ srtp: 'optional' })).toThrow(/no srtp optional/)
    expect(() => write({ dtmf: 'inband' })).toThrow(/no dtmf inband/)
  })
})
