import { readObi } from '../vendors/poly-obi.ts'
import { need, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; accounts?: number }

/** Asks for the file of its model, and from then on for what `ConfigURL` says, with its address in capitals. */
export function obiAdapter(made: Made): BootingPhone {
  return {
    family: 'poly-obi',
    ...made,
    userAgent: `OBIHAI/${made.model}-3.2.2.5921`,
    boot: async (from, fetch) => {
      const config = 'X_DeviceManagement.ITSPProvisioning.ConfigURL'
      const common = from.endsWith('/') ? readObi(await need(fetch, `${from}${made.model}.xml`)) : null
      const url = common?.get(config) ?? from
      const all = readObi(await need(fetch, url.replace('$MAC', made.mac.toUpperCase())))
      const services = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `VoiceService.1.VoiceProfile.1.Line.${n}.`)
      const accounts = services
        .filter((service) => all.get(`${service}Enable`) === 'true')
        .map((service) => {
          const profile = 'ABCD'.indexOf(all.get(`${service}X_ServProvProfile`)!) + 1
          const server = `VoiceService.1.VoiceProfile.${profile}.SIP.`
          return {
            user: all.get(`${service}SIP.URI`)!,
            authUser: all.get(`${service}SIP.AuthUserName`)!,
            password: all.get(`${service}SIP.AuthPassword`)!,
            host: all.get(`${server}RegistrarServer`)!,
            port: Number(all.get(`${server}RegistrarServerPort`)),
          }
        })
      return { accounts, home: all.get(config)! }
    },
  }
}
