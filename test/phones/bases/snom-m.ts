import { readSnomBase } from '../vendors/snom-m.ts'
import { need, type Account, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; accounts?: number }

/** Asks for the file of its model, then for what `setting_server` says; a folder alone makes it add its address. */
export function snomBase(made: Made): BootingPhone {
  const mac = made.mac.toUpperCase()
  return {
    family: 'snom-m',
    ...made,
    userAgent: `Mozilla/4.0 (compatible; Snom ${made.model} 05.20.0001 ${made.mac})`,
    boot: async (from, fetch) => {
      if (from.endsWith('/')) {
        const { global } = readSnomBase(await need(fetch, `${from}snom${made.model}.htm`))
        await need(fetch, `${from}snom${made.model}-${mac}.htm`)
        from = global.get('setting_server')!
      }
      const { global, servers, extensions } = readSnomBase(await need(fetch, from.replace('{mac}', mac)))
      return { accounts: readAccounts(servers, extensions), home: global.get('setting_server')! }
    },
  }
}

function readAccounts(servers: ReadonlyMap<string, string>, extensions: ReadonlyMap<string, string>): Account[] {
  const active = [...extensions].filter(([name, value]) => name.startsWith('user_active/') && value === 'on')
  return active.map(([name]) => {
    const idx = name.slice('user_active/'.length)
    const get = (setting: string) => extensions.get(`${setting}/${idx}`)!
    if (get('subscr_sip_hs_idx') !== idx) throw new Error('the account is on another handset')
    const [host, port] = servers.get(`user_outbound/${get('subscr_sip_ua_data_server_id')}`)!.split(':')
    const account = { user: get('user_name'), authUser: get('user_pname'), password: get('user_pass') }
    return { ...account, host: host!, port: Number(port) }
  })
}
