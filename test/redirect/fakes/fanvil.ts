import { createHash } from 'node:crypto'
import type { Mac } from '../../../src/model/mac.ts'
import { type FakeCloud, makePhones, openFakeServer } from './fake-cloud.ts'
import { type Given, serveXmlRpc } from './xml-rpc-server.ts'

const PATH = '/xmlrpc.php'
const SCHEMES: Record<string, string> = { '4': 'http', '5': 'https' }

/** Fanvil's FDPS over XML-RPC: entries of servers, and phones in them. */
export async function openFakeFanvil(): Promise<FakeCloud & { servers: Map<string, Map<string, string>> }> {
  const { phone, foreign, alien, isMade } = makePhones('0c383e', () => '')
  const login = { user: 'acme', password: 'plain password' }
  const once = createHash('md5').update(login.password).digest('hex')
  const account = { user: login.user, password: createHash('md5').update(once).digest('hex'), path: PATH }
  const servers = new Map<string, Map<string, string>>()
  const devices = new Map<string, string>()
  const faults: string[] = []
  const isMac = (text: unknown): text is string => typeof text === 'string' && /^[0-9A-F]{12}$/.test(text)

  function answer(method: string, parameters: Given[]): [boolean, Given] | null {
    const [first, second] = parameters
    switch (method) {
      case 'redirect.listDevices':
        return parameters.length === 0 ? [true, [...devices.keys()]] : null
      case 'redirect.listDevicesByServer':
        if (typeof first !== 'string') return null
        if (!servers.has(first)) return [false, 'Error:server_not_exist']
        return [true, [...devices].filter(([, name]) => name === first).map(([mac]) => mac)]
      case 'redirect.addMaterialServer':
        return Array.isArray(first) && parameters.length === 1 ? addServer(first as string[]) : null
      case 'redirect.registerDevice':
        if (!isMac(first) || parameters.length !== 2) return [false, 'Error: mac_format_error']
        if (!isMade(first)) return [false, 'Error: mac_not_exist']
        if (!servers.has(second as string)) return [false, 'Error:server_not_existed']
        if (first.toLowerCase() === foreign.mac || devices.has(first)) return [false, 'Error: device_had_existed']
        devices.set(first, second as string)
        return [true, 'ok']
      case 'redirect.deRegisterDevice':
        if (!isMac(first) || parameters.length !== 1) return [false, 'Error: mac_format_error']
        return devices.delete(first) ? [true, 'ok'] : [false, 'Error: device_not_exist']
      default:
        return null
    }
  }

  function addServer(pairs: string[]): [boolean, Given] | null {
    const settings = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
    const expected = 'cfgDhcpOpt,cfgName,cfgPfMode,cfgPfName,cfgPfProt,cfgPfSrv,cfgPnpEnable'
    if ([...settings.keys()].sort().join() !== expected || settings.get('cfgPfMode') !== '1') return null
    if (!(settings.get('cfgPfProt')! in SCHEMES) || !/^[\w.:[\]-]+$/.test(settings.get('cfgPfSrv')!))
      return [false, 'Error: url_format_error']
    const name = settings.get('cfgName')!
    if (servers.has(name)) return [false, 'Error:server_had_existed']
    servers.set(name, settings)
    return [true, 'ok']
  }

  const addressOf = (name: string) => {
    const settings = servers.get(name)
    return (
      settings && `${SCHEMES[settings.get('cfgPfProt')!]!}://${settings.get('cfgPfSrv')!}/${settings.get('cfgPfName')!}`
    )
  }
  const server = await openFakeServer(serveXmlRpc(account, answer, faults))
  return {
    ...{ ...server, faults, phone, foreign, alien, login, servers },
    options: { url: server.url + PATH },
    held(mac: Mac) {
      const name = devices.get(mac.toUpperCase())
      return name === undefined ? undefined : addressOf(name)
    },
    alter(mac, address) {
      if (address === null) devices.delete(mac.toUpperCase())
      else devices.set(mac.toUpperCase(), 'somebody-elses')
    },
  }
}
