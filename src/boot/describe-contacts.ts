import { plainAddress } from '../access/networks.ts'
import { AppError } from '../model/app-error.ts'
import type { ContactRecord } from '../db/device-contacts.ts'
import { maskTokens } from '../model/device-token.ts'
import type { ProofWay } from '../model/phone-proof.ts'
import type { Family } from '../phones/family.ts'
import { identify } from '../phones/identify.ts'
import type { Contact } from './story.ts'
import type { UserAgents } from './user-agents.ts'

const MAX_FILE = 128
const MAX_AGENT = 200
const MAX_DETAIL = 300

/** Makes rows of contacts: the same thing asked again within the batch is one row that counts. */
export function describeContacts(
  contacts: readonly Contact[],
  families: readonly Family[],
  userAgents: UserAgents,
): ContactRecord[] {
  const rows = new Map<string, ContactRecord>()
  for (const contact of contacts) {
    const row = describe(contact, families, userAgents)
    const { deviceId, mac, outcome, transport, address, file, etag, way, detail } = row
    const key = [deviceId, mac, outcome, transport, address, file, etag, way, detail].join('\n')
    const same = rows.get(key)
    if (same) Object.assign(same, { times: same.times + row.times, atMs: row.atMs })
    else rows.set(key, row)
  }
  return [...rows.values()]
}

function describe(contact: Contact, families: readonly Family[], agents: UserAgents): ContactRecord {
  const { atMs, times, transport, file, userAgent, verdict } = contact
  const address = plainAddress(contact.address)
  const { outcome, answer, deviceId } = verdict
  const words = userAgent.slice(0, MAX_AGENT)
  const claim =
    transport === 'pnp' && verdict.mac !== null ? agents.readMulticast(words, verdict.mac) : agents.read(words)
  // What could not be known was not looked at either.
  const named = verdict.mac ?? (deviceId === null ? identify(families, { file, userAgent: '' }).mac : null)
  const served = answer instanceof AppError ? null : answer
  return {
    ...{ atMs, transport, address, outcome, deviceId, times },
    mac: named ?? claim.mac,
    file: printable(maskTokens(file), MAX_FILE),
    userAgent: printable(userAgent, MAX_AGENT),
    family: claim.family,
    model: claim.model === null ? null : printable(claim.model, MAX_AGENT),
    firmware: claim.firmware === null ? null : printable(claim.firmware, MAX_AGENT),
    fileName: outcome === 'served' ? verdict.file : null,
    etag: outcome === 'served' ? (served?.etag ?? null) : null,
    bytes: served?.stored?.sizeBytes ?? served?.bytes.length ?? null,
    way: outcome === 'served' ? wayOf(contact) : null,
    exposes: outcome === 'served' && (transport === 'http' || transport === 'tftp') && verdict.encrypted !== true,
    detail: printable(answer instanceof AppError ? answer.message : (verdict.detail ?? ''), MAX_DETAIL) || null,
  }
}

/** By what the phone that got its own file had proved which one it is. */
function wayOf({ hasToken, verdict }: Contact): ProofWay {
  return verdict.way ?? (hasToken ? 'token' : 'window')
}

/** Anybody may send anything; what is shown in a terminal later holds nothing that one acts on. */
function printable(text: string, most: number): string {
  return text.slice(0, most).replaceAll(/[^ -~]/g, '?')
}
