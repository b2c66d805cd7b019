import { readSnom } from '../vendors/snom.ts'
import { miss, need, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; accounts?: number }

/** A desk phone: the file of its model, its own beside it, then what `setting_server` says; later settings win. */
export function snomPhone(made: Made): BootingPhone {
  const mac = made.mac.toUpperCase()
  return {
    family: 'snom',
    ...made,
    userAgent: `Mozilla/4.0 (compatible; snom${made.model}-SIP 10.1.33.33 2010.12-00004-g9ba52f5 ${mac} SXM:0 UXM:0)`,
    boot: async (from, fetch) => {
      let settings = new Map<string, string>()
      if (from.endsWith('/')) {
        settings = readSnom(await need(fetch, `${from}snom${made.model}.htm`)).settings
        for (const one of readSnom(await need(fetch, `${from}snom${made.model}-${mac}.htm`)).settings)
          settings.set(...one)
        await miss(fetch, `${from}snom${made.model}-firmware.xml`)
      }
      const server = settings.get('setting_server') ?? from
      for (const one of readSnom(await need(fetch, server.replace('{mac}', mac))).settings) settings.set(...one)
      const active = [...settings].filter(([name, value]) => name.startsWith('user_active/') && value === 'on')
      const accounts = active.map(([name]) => {
        const get = (setting: string) => settings.get(`${setting}/${name.slice('user_active/'.length)}`)!
        const [, host, port] = /^(.*):(\d+);transport=udp$/.exec(get('user_outbound'))!
        return {
          user: get('user_name'),
          authUser: get('user_pname'),
          password: get('user_pass'),
          host: host!,
          port: Number(port),
        }
      })
      return { accounts, home: settings.get('setting_server')! }
    },
  }
}
