import { parseMac, type Mac } from '../model/mac.ts'
import type { Family, FamilyFile } from './family.ts'

export type Candidate = { family: Family; file: FamilyFile }
/** What a User-Agent says. It refines what is known; it is never proof of who asks. */
export type UserAgentClaim = { family: Family; model: string | null; firmware: string | null; mac: Mac | null }
export type Identification = { mac: Mac | null; candidates: Candidate[]; userAgent: UserAgentClaim | null }

/** Which families know such a file, and which MAC address its name carries. No candidate: nobody asks for that. */
export function identify(families: readonly Family[], request: { file: string; userAgent: string }): Identification {
  const file = plainName(request.file)
  const candidates: Candidate[] = []
  let mac: Mac | null = null
  for (const family of families) {
    for (const entry of family.files) {
      const match = matchFile(entry, file)
      if (!match) continue
      candidates.push({ family, file: entry })
      mac ??= match.mac
    }
  }
  return { mac, candidates, userAgent: readUserAgent(families, request.userAgent) }
}

/**
 * Whether a name is that file, and the MAC address in it. Where the address stands there must be one: many patterns
 * take 12 hex digits, but `000000000000.cfg` is no phone's own file.
 */
export function matchFile(entry: FamilyFile, file: string): { mac: Mac | null } | null {
  const match = entry.pattern.exec(file)
  if (!match) return null
  const digits = match.groups?.mac
  const mac = digits === undefined ? null : parseMac(digits)
  return digits !== undefined && mac === null ? null : { mac }
}

/** Which page of a phonebook is asked for, from 1. */
export function readPage(entry: FamilyFile, name: string): number {
  return Number(entry.pattern.exec(plainName(name))?.groups?.page ?? 1)
}

/** Gigaset doubles the slash between folder and file. */
function plainName(name: string): string {
  return name.replace(/\/{2,}/g, '/').replace(/^\//, '')
}

/** Reads a User-Agent by the families' patterns; null when none knows it. */
export function readUserAgent(families: readonly Family[], text: string): UserAgentClaim | null {
  for (const family of families) {
    for (const { pattern } of family.userAgents) {
      const groups = pattern.exec(text)?.groups
      if (!groups) continue
      const { model = null, firmware = null, mac = '' } = groups
      return { family, model, firmware, mac: parseMac(mac) }
    }
  }
  return null
}

/** The family whose longest prefix a MAC address starts with: a hint about an unknown device. */
export function findFamilyByMac(families: readonly Family[], mac: Mac): Family | null {
  const known = families.flatMap((family) => family.ouis.map((oui) => ({ family, oui })))
  const fitting = known.filter(({ oui }) => mac.startsWith(oui)).sort((a, b) => b.oui.length - a.oui.length)
  return fitting[0]?.family ?? null
}

/**
 * Picks what is meant. The inventory's word (`deviceFamily`) decides alone. Without it, several candidates are narrowed
 * by the User-Agent, then by the prefix of the MAC address; null when that leaves none or more than one.
 */
export function choose(identified: Identification, deviceFamily?: string): Candidate | null {
  const { candidates, userAgent, mac } = identified
  if (deviceFamily !== undefined) return candidates.find(({ family }) => family.name === deviceFamily) ?? null
  if (candidates.length < 2) return candidates[0] ?? null
  const families = candidates.map(({ family }) => family)
  const hint = userAgent?.family ?? (mac === null ? null : findFamilyByMac(families, mac))
  const fitting = candidates.filter(({ family }) => family === hint)
  return fitting.length === 1 ? fitting[0]! : null
}
