import { readCiscoAdapter } from '../vendors/cisco-ata.ts'
import { need, type Account, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; userAgent: string; accounts?: number }

/** Asks for the file of its product, and from then on for what `Profile_Rule` says; what comes later wins. */
export function ciscoAdapter(made: Made): BootingPhone {
  const product = made.model.replace('-MPP', '').toLowerCase()
  return {
    family: 'cisco-ata',
    ...made,
    boot: async (from, fetch) => {
      const settings = new Map<string, string>()
      if (from.endsWith('/'))
        for (const one of readCiscoAdapter(await need(fetch, `${from}${product}.cfg`))) settings.set(...one)
      const rule = settings.get('Profile_Rule') ?? from
      for (const one of readCiscoAdapter(await need(fetch, rule.replace('$MA', made.mac)))) settings.set(...one)
      return { accounts: [1, 2].flatMap((n) => readSocket(settings, n)), home: settings.get('Profile_Rule')! }
    },
  }
}

function readSocket(settings: ReadonlyMap<string, string>, n: number): Account[] {
  const get = (name: string) => settings.get(`${name}_${n}_`)!
  if (get('Line_Enable') !== 'Yes' || get('Register') !== 'Yes') return []
  const [host, port] = get('Proxy').split(':')
  const authUser = get('Use_Auth_ID') === 'Yes' ? get('Auth_ID') : get('User_ID')
  return [{ user: get('User_ID'), authUser, password: get('Password'), host: host!, port: Number(port) }]
}
