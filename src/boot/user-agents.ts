import type { Mac } from '../model/mac.ts'
import type { Family } from '../phones/family.ts'
import { findFamilyByMac, readUserAgent } from '../phones/identify.ts'

/** What a User-Agent claims: names, not proof. */
export type AgentClaim = { family: string | null; model: string | null; firmware: string | null; mac: Mac | null }

const NOTHING: AgentClaim = { family: null, model: null, firmware: null, mac: null }
const MAX_REMEMBERED = 4_096

/** Reads User-Agents by the patterns of all families, each text once: a building's phones say few different ones often. */
export class UserAgents {
  readonly #families: readonly Family[]
  readonly #known = new Map<string, AgentClaim>()

  constructor(families: readonly Family[]) {
    this.#families = families
  }

  read(text: string): AgentClaim {
    if (text === '') return NOTHING
    const known = this.#known.get(text)
    if (known) return known
    const claim = readUserAgent(this.#families, text)
    const read = claim ? { ...claim, family: claim.family.name, model: nameModel(claim.family, claim.model) } : NOTHING
    // Anybody can say anything: what is remembered must not grow with it.
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    this.#known.set(text, read)
    return read
  }

  /** What a phone says by multicast is a User-Agent with some makers; else the prefix of its MAC address says whose words they are. */
  readMulticast(text: string, mac: Mac): AgentClaim {
    const said = this.read(text)
    const family = said.family === null ? findFamilyByMac(this.#families, mac) : null
    if (!family) return said
    const words = text.split(' ')
    const model = words.map((word) => nameModel(family, word)).find((name) => name !== null && family.models.has(name))
    const firmware = words.findLast((word) => /^\d+(?:\.\d+)+$/.test(word))
    return { family: family.name, model: model ?? null, firmware: firmware ?? null, mac }
  }
}

/** The model as the inventory names it: phones write `VVX_411` for a VVX 411. */
function nameModel({ models }: Family, said: string | null): string | null {
  if (said === null) return null
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return [...models.keys()].find((name) => plain(name) === plain(said)) ?? said
}
