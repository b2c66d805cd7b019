import { Pipeline, findOthers } from './pipeline.ts'

/** A phone that is in no inventory and of a maker that nobody knows. */
export type UnknownPhone = { mac: string; address: string; userAgent: string; paths: readonly string[] }

/** So many in a building of their own, each at its own address; `first` sets them apart from others. */
export function makeUnknownPhones(count: number, first = 0): UnknownPhone[] {
  return Array.from({ length: count }, (_, at) => {
    const id = first + at
    const mac = `02a1b2${id.toString(16).padStart(6, '0')}`
    const address = `127.${1 + (id >> 16)}.${(id >> 8) & 255}.${id & 255}`
    return { mac, address, userAgent: `Unheard-Of TX${id % 40} 1.0.${id % 9}`, paths: listPaths(mac) }
  })
}

/** How many files each of them asks for: as many as the makers' phones that ask for the most. */
export const CONTACTS_EACH = 10

/** What makers who are in no list ask for, as far as it can be guessed: common files, own files, firmware, phone books. */
function listPaths(mac: string): string[] {
  const upper = mac.toUpperCase()
  return [
    ...['/unheard-of.conf', `/unheard-of/${mac}.conf`, `/${upper}.ini`, `/tx-${mac}.json`, `/${mac}/settings.xml2`],
    ...['/fw/tx.img', `/phonebook/${mac}.vcf`, '/licence.key', `/${mac}.cfg.new`, '/tx/common.conf'],
  ]
}

/**
 * Every phone asks for its files one after the other over a connection of its own, `atOnce` of them at any time.
 * @returns the paths that got anything but the refusal
 */
export async function askAll(
  port: number,
  phones: readonly UnknownPhone[],
  atOnce: number,
  refusal: Buffer,
): Promise<string[]> {
  const queue = phones.values()
  const others: string[] = []
  const lane = async () => {
    for (const { address, userAgent, paths } of queue) {
      const pipeline = await Pipeline.open(port, address)
      for (const path of paths) {
        const answer = await pipeline.ask([path], refusal.length, `User-Agent: ${userAgent}\r\n`)
        others.push(...findOthers([path], answer, refusal))
      }
      pipeline.close()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return others
}
