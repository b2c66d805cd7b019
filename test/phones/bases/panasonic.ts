import { readPanasonic } from '../vendors/panasonic.ts'
import { need, type BootingPhone } from './phone.ts'

type Made = { model: string; mac: string; accounts?: number }

/** Asks for the file of its model, and by it for its standard file, with its address in capitals; later files win. */
export function panasonicPhone(made: Made): BootingPhone {
  const path = 'CFG_STANDARD_FILE_PATH'
  return {
    family: 'panasonic',
    ...made,
    userAgent: `Panasonic_${made.model}/01.061 (${made.mac})`,
    boot: async (from, fetch) => {
      const common = from.endsWith('/') ? readPanasonic(await need(fetch, `${from}${made.model}.cfg`)) : null
      const rule = common?.get(path) ?? from
      const all = readPanasonic(await need(fetch, rule.replace('{MAC}', made.mac.toUpperCase())))
      const lines = [1, 2, 3, 4, 5, 6, 7, 8].filter((n) => (all.get(`SIP_URI_${n}`) ?? '') !== '')
      const accounts = lines.map((n) => {
        const handset = all.get(`OUTGOING_CALL_LINE_HS${n}`)
        if (handset !== undefined && handset.split(',').indexOf('1') !== n - 1) throw new Error('handsets are mixed up')
        return {
          user: /^sip:(.*)@/.exec(all.get(`SIP_URI_${n}`)!)![1]!,
          authUser: all.get(`SIP_AUTHID_${n}`)!,
          password: all.get(`SIP_PASS_${n}`)!,
          host: all.get(`SIP_RGSTR_ADDR_${n}`)!,
          port: Number(all.get(`SIP_RGSTR_PORT_${n}`)),
        }
      })
      return { accounts, home: all.get(path)! }
    },
  }
}
