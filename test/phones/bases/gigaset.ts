import { readGigaset } from '../vendors/gigaset.ts'
import { readGigasetBase, readGigasetFrame } from '../vendors/gigaset-n.ts'
import { miss, need, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; accounts?: number }

/** Asks for its address in capitals, with the double slash that Gigaset puts after a folder. */
export function gigasetBase(made: Made): BootingPhone {
  const mac = made.mac.toUpperCase()
  return {
    family: 'gigaset-n',
    ...made,
    userAgent: `Gigaset ${made.model} IP PRO/83.V2.48.0+build.a546b91;${mac}`,
    boot: async (from, fetch) => {
      const { values, handsets } = readGigasetBase(await need(fetch, `${from}/${mac}.xml`))
      const accounts = handsets.map((handset) => {
        const get = (name: string) => values.get(`SipAccount.${handset}.${name}`)!
        const server = `SipProvider.${get('ProviderId')}`
        const [host, port] = [values.get(`${server}.RegServerAddress`)!, values.get(`${server}.RegServerPort`)]
        return {
          user: get('UserName'),
          authUser: get('AuthName'),
          password: get('AuthPassword'),
          host,
          port: Number(port),
        }
      })
      return { accounts, home: values.get('Provisioning.global.ProvisioningServer')! }
    },
  }
}

/** Looks for firmware first, then for its profile, whose address has no scheme. */
export function gigasetN510(made: Made): BootingPhone {
  const mac = made.mac.toUpperCase()
  return {
    family: 'gigaset-n510',
    ...made,
    userAgent: `N510 IP PRO/42.245.00.000.000;${mac}`,
    boot: async (from, fetch) => {
      const folder = from.replace(/[^/]*$/, '')
      await miss(fetch, `${folder}42/2/master.bin`)
      const { mac: owner, values } = readGigasetFrame(await need(fetch, `${folder}${mac}.xml`))
      if (owner !== mac) throw new Error('not for this base')
      const tails = ['', '_2', '_3', '_4', '_5', '_6']
      const active = tails.filter((_, n) => values.get(`BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE_${n + 1}`) === '1')
      const accounts = active.map((tail) => ({
        user: values.get(`BS_IP_Data1.aucS_SIP_USER_ID${tail}`)!,
        authUser: values.get(`BS_IP_Data3.aucS_SIP_LOGIN_ID${tail}`)!,
        password: values.get(`BS_IP_Data1.aucS_SIP_PASSWORD${tail}`)!,
        host: values.get(`BS_IP_Data1.aucS_SIP_REGISTRAR${tail}`)!,
        port: Number(values.get(`BS_IP_Data1.uiI_SIP_REGISTRAR_PORT${tail}`)),
      }))
      return { accounts, home: `http://${values.get('S_CONFIGFILE_URL')!}` }
    },
  }
}

/** A Maxwell: `provisioning.xml` in a folder, then the address that it says, with its own in the place of %MACD. */
export function gigasetMaxwell(made: Made): BootingPhone {
  const mac = made.mac.toUpperCase()
  const server = 'System.Provision.ProvisioningServer'
  return {
    family: 'gigaset',
    ...made,
    userAgent: `${made.model} PRO/82.2.18.4-release;${mac}`,
    boot: async (from, fetch) => {
      const common = from.endsWith('/') ? readGigaset(await need(fetch, `${from}/provisioning.xml`)) : null
      const address = common?.get(server) ?? from
      const all = readGigaset(await need(fetch, address.replace('%MACD', mac)))
      const active = [0, 1, 2, 3].filter((n) => all.get(`SIP.Account.${n}.Active`) === '1')
      const accounts = active.map((n) => {
        const get = (name: string) => all.get(`SIP.Account.${n}.${name}`)!
        const [host, port] = [get('RegistrationServer.Address'), Number(get('RegistrationServer.Port'))]
        return { user: get('Username'), authUser: get('AuthName'), password: get('AuthPassword'), host, port }
      })
      return { accounts, home: all.get(server)! }
    },
  }
}
