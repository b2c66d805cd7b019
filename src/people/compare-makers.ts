import type { Mac } from '../model/mac.ts'
import type { PeopleDesk } from './desk.ts'

/**
 * Tells whose prefix an address begins with and whose a model is. Null: it is one maker, or of either nobody knows: most
 * prefixes are nobody's here, and of some makers none is.
 */
export function compareMakers(
  models: PeopleDesk['models'],
): (mac: Mac, model: string) => { address: string; model: string } | null {
  const owners = new Map<string, string>()
  for (const { maker } of models.values()) for (const oui of maker?.ouis ?? []) owners.set(oui, maker!.name)
  const lengths = [...new Set([...owners.keys()].map(({ length }) => length))].sort((a, b) => b - a)
  return (mac, model) => {
    const theirs = models.get(model.toLowerCase())?.maker
    const address = lengths.map((length) => owners.get(mac.slice(0, length))).find((owner) => owner !== undefined)
    if (!theirs || theirs.ouis.length === 0 || address === undefined || address === theirs.name) return null
    return { address, model: theirs.name }
  }
}
