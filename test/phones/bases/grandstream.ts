import { readGrandstream } from '../vendors/grandstream.ts'
import { miss, need, type Account, type BootingPhone } from './phone.ts'

type Made = { family: string; model: string; mac: string; version: string; accounts?: number }

/**
 * A phone, an adapter or a base: the binary file first, which must not be there, then the file of its own in XML; it takes the
 * file of its model only where that fails. Path and scheme of the next boot are two values.
 */
export function grandstreamPhone({ version, ...made }: Made): BootingPhone {
  const { family, model, mac } = made
  return {
    ...made,
    userAgent: `Grandstream Model HW ${model} V1.0A SW ${version} DevId ${mac}`,
    boot: async (from, fetch) => {
      await miss(fetch, `${from}cfg${mac}`)
      const model = await need(fetch, `${from}cfg${made.model.toLowerCase()}.xml`)
      await need(fetch, `${from}cfg.xml`)
      const own = readGrandstream(await need(fetch, `${from}cfg${mac}.xml`))
      if (own.mac !== mac) throw new Error('not for this device')
      if (readGrandstream(model).mac !== null) throw new Error('not for every device')
      await miss(fetch, `${from}dev${mac}.cfg`)
      const get = (name: number) => own.values.get(`P${name}`)
      const accounts =
        get(4060) !== undefined ? readTable(get) : family === 'grandstream' ? readDesk(get) : readSockets(get)
      const scheme = get(212) === '2' ? 'https' : 'http'
      if (family.endsWith('dp')) requireHandsets(get, accounts.length)
      return { accounts, home: `${scheme}://${get(237)}` }
    },
  }
}

type Get = (name: number) => string | undefined

function readServer(get: Get, second: boolean): { host: string; port: number } | null {
  if (get(second ? 401 : 271) !== '1' || get(second ? 731 : 31) !== '1') return null
  const [host, port] = get(second ? 747 : 47)!.split(':') as [string, string]
  return { host, port: Number(port) }
}

/** A desk phone: the first account has codes of its own, the second and third begin blocks of a hundred. */
function readDesk(get: Get): Account[] {
  const codes = [[271, 47, 35, 36, 34], ...[400, 500].map((block) => [1, 2, 4, 5, 6].map((at) => block + at))]
  return codes.flatMap((places) => {
    const [active, server, user, authUser, password] = places.map(get)
    const [host, port] = (server ?? '').split(':')
    if (active !== '1') return []
    return [{ host: host!, port: Number(port), user: user!, authUser: authUser!, password: password! }]
  })
}

/** Each socket with a server and an account of its own (HT801, HT802). */
function readSockets(get: Get): Account[] {
  return [false, true].flatMap((second) => {
    const server = readServer(get, second)
    const [user, authUser, password] = second ? [735, 736, 734].map(get) : [35, 36, 34].map(get)
    return server === null ? [] : [{ ...server, user: user!, authUser: authUser!, password: password! }]
  })
}

/** A table of accounts that name one of two profiles (HT81x, DP7xx). */
function readTable(get: Get): Account[] {
  const rows = Array.from({ length: 10 }, (_, row) => row).filter((row) => get(4595 + row) === '1')
  return rows.map((row) => {
    const [user, authUser, password] = [4060, 4090, 4120].map((first) => get(first + row)!) as [string, string, string]
    const server = readServer(get, get(4150 + row) === '1')
    if (server === null) throw new Error('its profile is not active')
    return { ...server, user, authUser, password }
  })
}

/** Handset n must ring for account n and no other. */
function requireHandsets(get: Get, count: number): void {
  const firstLines = [4300, 4310, 4320, 4250, 21328].slice(0, count).map(get)
  const modes = firstLines.map((_, index) => get(27080 + index))
  const wanted = firstLines.map((_, index) => String(index + 1))
  if (firstLines.join() !== wanted.join() || modes.join() !== wanted.join()) throw new Error('handsets are mixed up')
}
