import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml } from './xml.ts'

/** Reads the accounts of an `options` file: plain elements in each, every one once; only SIP accounts count. */
export function readZoiper(bytes: Buffer): Map<string, string>[] {
  const root = readXml(bytes)
  const [accounts, ...more] = root.children
  if (root.name !== 'options' || accounts?.name !== 'accounts' || more.length > 0)
    throw new Error('not a list of accounts')
  return accounts.children.map(({ name, children }) => {
    const values = new Map(children.map((child) => [child.name, child.text]))
    if (name !== 'account' || values.size !== children.length || children.some((child) => child.children.length > 0))
      throw new Error('not an account, or a value given twice')
    if (values.get('protocol') !== 'sip') throw new Error('not an account of SIP')
    return values
  })
}

/** Asks the address that its user entered, at every sign-in. */
export const zoiper: BootingPhone = {
  ...{ family: 'zoiper', model: 'Zoiper', mac: null, userAgent: '' },
  boot,
}

async function boot(from: string, fetch: Fetch): Promise<Booted> {
  const accounts = readZoiper(await need(fetch, `${from}zoiper.xml`)).map((all) => {
    const domain = /^(.*):(\d+)$/.exec(all.get('SIP_domain')!)!
    return {
      user: all.get('username')!,
      authUser: all.get('SIP_use_auth_username') === 'true' ? all.get('SIP_auth_username')! : all.get('username')!,
      password: all.get('password')!,
      host: domain[1]!,
      port: Number(domain[2]),
      transport: all.get('SIP_transport_type') as 'udp',
    }
  })
  return { accounts, home: null }
}
