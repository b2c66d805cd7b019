import { describe, expect, it } from 'vitest'
import { LINE, NEEDED, renderBootstrapOf, renderFor } from '../shipped.ts'
import { itCarriesValues } from './carries.ts'
import { readObi } from './poly-obi.ts'

const family = 'poly-obi'
const read = (settings: object) => readObi(renderFor(family, { model: 'OBi504', settings }))
const service = (n: number) => `VoiceService.1.VoiceProfile.1.Line.${n}.`

describe('Poly OBi', () => {
  itCarriesValues({
    family,
    model: 'OBi302',
    read: (bytes) => {
      const all = readObi(bytes)
      return {
        displayName: all.get(`${service(1)}CallingFeatures.CallerIDName`)!,
        user: all.get(`${service(1)}SIP.URI`)!,
        password: all.get(`${service(1)}SIP.AuthPassword`)!,
        server: all.get('VoiceService.1.VoiceProfile.1.SIP.RegistrarServer')!,
        label: all.get(`${service(1)}DirectoryNumber`)!,
        size: all.size,
      }
    },
  })

  it('goes from the file of its model to its own, and lets nobody else decide', () => {
    const url = `${NEEDED.provisioningUrl}$MAC.xml`
    const place = 'X_DeviceManagement.ITSPProvisioning.'
    expect([...readObi(renderBootstrapOf(family, NEEDED.provisioningUrl))]).toEqual([[`${place}ConfigURL`, url]])
    expect(Object.fromEntries(read({ lines: [LINE] }))).toMatchObject({
      [`${place}Method`]: 'Periodically',
      [`${place}ConfigURL`]: url,
      'X_DeviceManagement.Provisioning.Method': 'Disabled',
      'X_DeviceManagement.WebServer.AdminPassword': NEEDED.adminPassword,
      [`${service(2)}Enable`]: 'false',
      [`${service(2)}SIP.AuthPassword`]: '',
    })
  })

  it('ties socket n to service n, and services to profiles by their server', () => {
    const far = { ...LINE, position: 3, user: '1003-acme', serverHost: 'branch.example.org', transport: 'tls' }
    const all = read({ lines: [LINE, { ...LINE, position: 2, user: '1002-acme' }, far] })
    const of = (name: string) => [1, 2, 3].map((n) => all.get(service(n) + name))
    expect(of('X_ServProvProfile')).toEqual(['A', 'A', 'B'])
    expect(of('X_InboundCallRoute')).toEqual(['ph', 'ph2', 'ph3'])
    expect(all.get('VoiceService.1.X_FXS.3.PrimaryLine')).toBe('SP3 Service')
    expect(all.get('VoiceService.1.VoiceProfile.2.SIP.ProxyServerPort')).toBe('5061')
  })

  it('takes a raw setting to the object that it belongs to', () => {
    const raw = { 'VoiceService.1.VoiceProfile.1.DigitMap': '(xx.)' }
    expect(read({ lines: [LINE], raw }).get('VoiceService.1.VoiceProfile.1.DigitMap')).toBe('(xx.)')
  })

  it('refuses an encryption of calls that we cannot ask it for', () => {
    expect(() => read({ lines: [{ ...LINE, srtp: 'required' }] })).toThrow(/no srtp required/)
  })
})
