import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { desireDevices } from './desire-devices.ts'
import { desireEndpoints } from './desire-endpoints.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row, Value } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** Collects the problems of one person while their rows are worked out. */
export type Complain = (field: string, code: string, message: string, suggestion?: string) => void

/** Our rows of one person as the import wants them, starting from what is there (`current`, null for somebody new). */
export function desireRows(
  person: Person,
  current: PersonRows | null,
  run: PlanRun,
): { rows: PersonRows; problems: Problem[] } {
  const problems: Problem[] = []
  const complain: Complain = (field, code, message, suggestion) =>
    problems.push({ row: person.row, field, code, message, ...(suggestion && { suggestion }) })
  const user = desireUser(person, current?.user ?? null, run, complain)
  const label = [user['first_name'], user['last_name']].filter(Boolean).join(' ') || String(user['username'])
  const extension = desireExtension(person, current?.extension ?? null, user, label, run)
  const endpoints = extension ? desireEndpoints(person, current?.endpoints ?? [], user, extension, run, complain) : []
  const mailbox = extension ? desireMailbox(person, current?.mailbox ?? null, user, extension, run) : null
  const dids = desireDids(person, current?.dids ?? [], extension, run, complain)
  const entry = extension ? desireEntry(current?.entry ?? null, user, extension, label, run) : null
  const { devices, lines } = desireDevices(person, current, user, endpoints, run, complain)
  const kept = new Set(devices.map((device) => device['id']))
  const keys = (current?.keys ?? []).filter((key) => kept.has(key['device_id']))
  return { rows: { user, extension, endpoints, mailbox, dids, devices, lines, keys, entry }, problems }
}

/** `undefined` keeps, `null` clears. */
export function choose(cell: Value | undefined, current: Value | undefined, fallback: Value = null): Value {
  if (cell === null) return fallback
  return cell ?? current ?? fallback
}

function desireUser(person: Person, current: Row | null, run: PlanRun, complain: Complain): Row {
  const id = current?.['id'] ?? run.supply.nextId()
  const username =
    person.username ?? current?.['username'] ?? person.email ?? person.extension ?? person.external_id ?? ''
  if (username === '')
    complain('username', 'key-missing', 'no user name, e-mail, extension or external id', 'Give at least one of them.')
  const holder = run.usernames.get(String(username))
  if (typeof holder === 'number' && holder !== id)
    complain('username', 'username-taken', `the user name ${String(username)} belongs to somebody else`)
  const location = typeof person.location === 'string' ? run.snapshot.locations.get(person.location) : person.location
  if (typeof person.location === 'string' && location === undefined)
    complain('location', 'location-unknown', `there is no location ${person.location}`)
  return {
    id,
    tenant_id: run.tenant.id,
    external_id: choose(person.external_id, current?.['external_id']),
    username,
    first_name: choose(person.first_name, current?.['first_name']),
    last_name: choose(person.last_name, current?.['last_name']),
    email: choose(person.email, current?.['email']),
    role: choose(person.role, current?.['role']),
    location_id: choose(location, current?.['location_id']),
    desk: choose(person.desk, current?.['desk']),
    language: choose(person.language, current?.['language']),
    timezone: choose(person.timezone, current?.['timezone']),
    authentication: choose(person.authentication, current?.['authentication'], 'default'),
    telephony: choose(person.telephony, current?.['telephony'], true),
    fax: choose(person.fax, current?.['fax'], false),
    tags: choose(person.tags && JSON.stringify(person.tags), current?.['tags'], '[]'),
    groups: choose(person.groups && JSON.stringify(person.groups), current?.['groups'], '[]'),
    password: choose(person.password, current?.['password']),
  }
}

function desireExtension(person: Person, current: Row | null, user: Row, label: string, run: PlanRun): Row | null {
  const number = choose(person.extension, current?.['number'])
  if (number === null) return null
  return {
    id: current?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    user_id: user['id']!,
    number,
    label,
    caller_id: choose(person.caller_id, current?.['caller_id']),
    ring_seconds: current?.['ring_seconds'] ?? 20,
  }
}

function desireMailbox(person: Person, current: Row | null, user: Row, extension: Row, run: PlanRun): Row {
  const pin = person.voicemail_pin ?? current?.['pin'] ?? run.supply.pin(String(extension['number']))
  const followsUser = !current || current['email'] === null || person.email === undefined
  return {
    id: current?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    extension_id: extension['id']!,
    number: extension['number']!,
    pin,
    email: choose(person.voicemail_email, followsUser ? (current?.['email'] ?? user['email']) : user['email']),
    pager: choose(person.pager, current?.['pager']),
    transcription: choose(person.transcription, current?.['transcription'], false),
  }
}

/** One public number a row: it replaces the only one somebody has, and joins several. */
function desireDids(person: Person, current: Row[], extension: Row | null, run: PlanRun, complain: Complain): Row[] {
  const number = person.did
  // Without an extension a number that was assigned waits for the next one.
  if (number === undefined) return extension ? current : current.map((did) => ({ ...did, extension_id: null }))
  if (number === null) return []
  if (!extension) {
    complain('did', 'extension-missing', 'a public number needs an extension to ring', 'Fill in the extension.')
    return current
  }
  if (run.snapshot.takenDids.has(number)) complain('did', 'did-taken', `${number} is in use on this system`)
  if (current.some((did) => did['number'] === number)) return current
  const known = run.dids.get(number)
  if (known && known['extension_id'] !== null) complain('did', 'did-taken', `${number} already rings another extension`)
  const replaced = current.length === 1 && !known ? current[0] : undefined
  const did: Row = {
    id: known?.['id'] ?? replaced?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    number,
    extension_id: extension['id']!,
  }
  return current.length === 1 ? [did] : [...current, did]
}

function desireEntry(current: Row | null, user: Row, extension: Row, label: string, run: PlanRun): Row {
  return {
    id: current?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    user_id: user['id']!,
    name: label,
    number: extension['number']!,
  }
}
