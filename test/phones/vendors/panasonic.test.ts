import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readPanasonic } from './panasonic.ts'

const family = 'panasonic'
const rule = `${NEEDED.provisioningUrl}Config{MAC}.cfg`

describe('Panasonic', () => {
  itCarriesValues({
    family,
    model: 'KX-HDV230',
    read: (bytes) => {
      const all = readPanasonic(bytes)
      const uri = /^sip:(.*)@(.*)$/.exec(all.get('SIP_URI_1')!)!
      return {
        displayName: all.get('DISPLAY_NAME_1')!,
        user: uri[1]!,
        password: all.get('SIP_PASS_1')!,
        server: uri[2]!,
        label: all.get('PHONE_NUMBER_1')!,
        keyLabel: all.get('FLEX_BUTTON_LABEL2')!,
        size: all.size,
      }
    },
    name: (text) => text.replace(/"/g, "'").replace(/\\/g, '/'),
    refuses: /["\\]/,
  })

  it('goes from the file of its model to its own, and from there on stays', () => {
    const bootstrap = readPanasonic(renderBootstrapOf(family, NEEDED.provisioningUrl))
    expect([...bootstrap]).toEqual([['CFG_STANDARD_FILE_PATH', rule]])
    const own = readPanasonic(renderFor(family, { model: 'KX-HDV230', settings: { lines: [LINE] } }))
    expect(Object.fromEntries(own)).toMatchObject({
      CFG_STANDARD_FILE_PATH: rule,
      CFG_MASTER_FILE_PATH: '',
      OPTION66_ENABLE: 'N',
      OPTION160_PROV_ENABLE: 'N',
      SIPPNP_PROV_ENABLE: 'N',
      CFG_RESYNC_FROM_SIP: 'check-sync',
      ADMIN_PASS: NEEDED.adminPassword,
      SIP_URI_2: '',
      FLEX_BUTTON_FACILITY_ACT24: '',
    })
  })

  it('says keys in the words of each line of products, and TLS twice', () => {
    const keys = [{ position: 1, kind: 'blf', value: '1002', label: 'Bob', line: 1 }]
    const settings = { lines: [{ ...LINE, transport: 'tls' }], keys }
    const of = (model: string) => readPanasonic(renderFor(family, { model, settings }))
    expect(of('KX-HDV430').get('FLEX_BUTTON_FACILITY_ACT1')).toBe('X_PANASONIC_IPTEL_BLF')
    expect(of('KX-UT136').get('FLEX_BUTTON_FACILITY_ACT1')).toBe('X_PANASONIC_IPTEL_CONTACT')
    expect([of('KX-UT136').get('SIP_TRANSPORT_1'), of('KX-UT136').get('SIP_TLS_MODE_1')]).toEqual(['2', '1'])
  })

  it('rings handset n of a base for line n alone', () => {
    const of = (model: string) => readPanasonic(renderFor(family, { model, settings: { lines: [LINE] } }))
    const base = of('KX-TGP600')
    expect(base.get('INCOMING_CALL_GROUP_2')).toBe('0,1,0,0,0,0,0,0')
    expect(base.get('DEFAULT_LINE_SELECT_HS8')).toBe('0,0,0,0,0,0,0,1')
    expect(of('KX-HDV230').has('INCOMING_CALL_GROUP_1')).toBe(false)
  })
})
