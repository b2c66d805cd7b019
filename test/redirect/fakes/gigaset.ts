import type { Mac } from '../../../src/model/mac.ts'
import { type FakeCloud, makePhones, openFakeServer } from './fake-cloud.ts'
import { type Given, serveXmlRpc } from './xml-rpc-server.ts'

const PATH = '/apxml/rpc.do'

/** Gigaset's redirect server: phones by MAC-ID, each with an address and the name of a provider. */
export async function openFakeGigaset(site: { macOnly?: boolean } = {}): Promise<FakeCloud> {
  const { phone, foreign, alien, isMade } = makePhones('7c2f80', (n) =>
    n.toString(16).toUpperCase().padStart(4, '0').slice(-4),
  )
  const account = { user: 'acme', password: 'gigaset-pass', path: PATH }
  const held = new Map<string, string>()
  const faults: string[] = []

  function answer(method: string, parameters: Given[]): [boolean, Given] | null {
    const [id, address, provider] = parameters as string[]
    const parts = /^([0-9A-F]{12})(?:-([0-9A-Z]{4}))?$/.exec(id ?? '')
    const mac = parts?.[1]
    if (mac === undefined) return [false, `mac_invalid:${id}`]
    const plain = mac.toLowerCase()
    const code = isMade(plain) ? phone(parseInt(plain.slice(6), 16)).serial : null
    if (code === null || (parts![2] === undefined ? !site.macOnly : parts![2] !== code))
      return [false, `mac_not_exist:${mac}`]
    switch (method) {
      case 'autoprov.checkDevice':
        if (parameters.length !== 1) return null
        return held.has(plain) ? [true, mac] : [false, `mac_not_found:${mac}`]
      case 'autoprov.registerDevice':
        if (parameters.length !== 3) return null
        if (plain === foreign.mac || held.has(plain)) return [false, `mac_already_in_use:${mac}`]
        if (!/^https?:\/\/\S+$/.test(address!)) return [false, `url_invalid:${address}`]
        if (provider !== 'Offhook') return [false, `name_invalid:${provider}`]
        held.set(plain, address!)
        return [true, 'OK']
      case 'autoprov.deregisterDevice':
        if (parameters.length !== 1) return null
        return held.delete(plain) ? [true, 'OK'] : [false, `mac_not_found:${mac}`]
      default:
        return null
    }
  }

  const server = await openFakeServer(serveXmlRpc(account, answer, faults))
  return {
    ...{ ...server, faults, phone, foreign, alien },
    login: { user: account.user, password: account.password },
    options: { url: server.url + PATH, ...(site.macOnly && { 'mac-only': 'yes' }) },
    held: (mac: Mac) => held.get(mac),
    alter(mac, address) {
      if (address === null) held.delete(mac)
      else held.set(mac, address)
    },
  }
}
