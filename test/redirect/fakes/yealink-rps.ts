import type { Mac } from '../../../src/model/mac.ts'
import { type FakeCloud, makePhones, openFakeServer } from './fake-cloud.ts'
import { type Given, serveXmlRpc } from './xml-rpc-server.ts'

const PATH = '/xmlrpc'
/** The four forms that the document lists. */
const MAC = /^[0-9A-Fa-f]{12}$|^[0-9A-Fa-f]{2}([ :-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}$/

/**
 * Yealink's XML API for RPS 1.3. `stolen` are phones of other accounts that were overridden: that must
 * not happen. `late`: the other account comes between looking and registering.
 */
export async function openFakeRps(
  site: { late?: boolean } = {},
): Promise<FakeCloud & { stolen: string[]; servers: Map<string, string> }> {
  const { phone, foreign, alien, isMade } = makePhones('805ec0', () => '')
  const account = { user: 'acme@example.org', password: 'pass&word<1>', path: PATH }
  const held = new Map<string, string>()
  const servers = new Map<string, string>()
  const faults: string[] = []
  const stolen: string[] = []

  function answer(method: string, parameters: Given[]): [boolean, Given] | null {
    const [first, second, third, fourth] = parameters as string[]
    const count = parameters.length
    if (method === 'redirect.listDevices')
      return count === 0 ? [true, [...held.keys()].map((mac) => mac.toUpperCase())] : null
    if (typeof first !== 'string' || (method !== 'redirect.addServer' && !MAC.test(first)))
      return [false, `Error:Invalid MAC(s):${first}`]
    const mac = first.replaceAll(/[ :-]/g, '').toLowerCase()
    switch (method) {
      case 'redirect.checkDevice':
        if (count !== 1) return null
        if (!isMade(mac)) return [false, 'Error:Invalid MAC']
        if (mac === foreign.mac && !site.late) return [true, 'Registered Elsewhere']
        return [true, held.has(mac) ? 'Registered' : 'Unregistered']
      case 'redirect.addServer':
        if (count !== 2 || !/^https?:\/\/\S+\/$/.test(second!))
          return [false, `Error:The url can only begin with 'http://'`]
        if (!/^[\w. -]{1,20}$/.test(first)) return [false, "Error:The server name can only contain 'A-z 0-9 - _ . '"]
        if (servers.has(first)) return [false, 'Error:Existing server']
        servers.set(first, second!)
        return [true, 'OK']
      case 'redirect.registerDeviceWithUniqueUrl':
        if (count !== 4 || (fourth !== '0' && fourth !== '1')) return null
        if (!isMade(mac)) return [false, `Error:Invalid MAC(s):${first}`]
        if (!servers.has(second!)) return [false, 'Error:Invalid server']
        if (!/^https?:\/\//.test(third!)) return [false, `Error:The url can only begin with 'http://'`]
        if (fourth === '0' && mac === foreign.mac) return [false, 'Are you sure you want to override MAC addresses']
        if (fourth === '0' && held.has(mac)) return [false, `Existing MAC(s):${first}`]
        if (mac === foreign.mac) stolen.push(mac)
        held.set(mac, third!)
        return [true, 'OK']
      case 'redirect.deRegisterDevice':
        if (count !== 1) return null
        if (!held.delete(mac)) return [false, `Error:Invalid MAC(s):${first}`]
        return [true, 'OK']
      default:
        return null
    }
  }

  const server = await openFakeServer(serveXmlRpc(account, answer, faults))
  return {
    ...{ ...server, faults, phone, foreign, alien, stolen, servers },
    login: { user: account.user, password: account.password },
    options: { url: server.url + PATH },
    held: (mac: Mac) => held.get(mac),
    alter(mac, address) {
      if (address === null) held.delete(mac)
      else held.set(mac, address)
    },
  }
}
