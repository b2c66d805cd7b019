import { readYealink } from '../vendors/yealink.ts'
import { miss, need, type Account, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; userAgent: string; common: string; accounts?: number }

/** Firmware V81 and later: boot files, then the common file of the firmware, then its own; what comes later wins. */
export function yealinkPhone({ common, ...made }: Made): BootingPhone {
  const { mac } = made
  return {
    family: 'yealink',
    ...made,
    boot: async (from, fetch) => {
      await miss(fetch, `${from}${mac}.boot`)
      await miss(fetch, `${from}y000000000000.boot`)
      const settings = new Map([
        ...readYealink(await need(fetch, `${from}${common}`)),
        ...readYealink(await need(fetch, `${from}${mac}.cfg`)),
      ])
      await miss(fetch, `${from}${mac}-contact.xml`)
      return { accounts: readAccounts(settings), home: settings.get('static.auto_provision.server.url')! }
    },
  }
}

function readAccounts(all: ReadonlyMap<string, string>): Account[] {
  const enabled = [...all].filter(([name, value]) => /^account\.\d+\.enable$/.test(name) && value === '1')
  return enabled.map(([name]) => {
    const account = name.replace(/\.enable$/, '')
    const template = all.get(`${account}.sip_server.template`)
    const server = `${template === undefined ? account : `template.${template}`}.sip_server.1`
    return {
      user: all.get(`${account}.user_name`)!,
      authUser: all.get(`${account}.auth_name`)!,
      password: all.get(`${account}.password`)!,
      host: all.get(`${server}.address`)!,
      port: Number(all.get(`${server}.port`)),
    }
  })
}
