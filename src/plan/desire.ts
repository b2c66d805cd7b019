import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { desireDevices } from './desire-devices.ts'
import { desireDids } from './desire-dids.ts'
import { desireEndpoints } from './desire-endpoints.ts'
import { chooseNumber, desireExtension } from './desire-extension.ts'
import { desireGroups } from './desire-groups.ts'
import { desireMailbox } from './desire-mailbox.ts'
import { desireUser } from './desire-user.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row, Value } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** Collects the problems of one person while their rows are worked out, each with its cure. */
export type Complain = (field: string, code: string, message: string, suggestion: string) => void

/** Our rows of one person as the import wants them, starting from what is there (`current`, null for somebody new). */
export function desireRows(
  given: Person,
  current: PersonRows | null,
  run: PlanRun,
): { rows: PersonRows; problems: Problem[] } {
  const problems: Problem[] = []
  const complain: Complain = (field, code, message, suggestion) =>
    problems.push({ row: given.row, field, code, message, suggestion })
  // Who has a location and names no other stays under its rules.
  const place = given.location === undefined ? (current?.user['location_id'] as number | null) : given.location
  const rules = run.rulesAt(place)
  const person = rules.provisioning || !given.mac ? given : withoutPhone(given)
  const number = chooseNumber(person, current, rules, run, complain)
  const user = desireUser(person, current?.user ?? null, number, rules, run, complain)
  const label = [user['first_name'], user['last_name']].filter(Boolean).join(' ') || String(user['username'])
  const extension = desireExtension(person, current, number, user, label, rules, run)
  if (extension) checkNumber(extension, current?.extension ?? null, run, complain)
  const endpoints = extension ? desireEndpoints(person, current?.endpoints ?? [], user, extension, run, complain) : []
  const mailbox = extension ? desireMailbox(person, current?.mailbox ?? null, user, extension, run) : null
  const dids = desireDids(person, current?.dids ?? [], extension, rules, run, complain)
  const entry = extension ? desireEntry(current?.entry ?? null, user, extension, label, run) : null
  const { devices, lines } = desireDevices(person, current, user, endpoints, run, complain)
  const kept = new Set(devices.map((device) => device['id']))
  const keys = (current?.keys ?? []).filter((key) => kept.has(key['device_id']))
  const groups = desireGroups(person, current, user, run, complain)
  return { rows: { user, extension, endpoints, mailbox, dids, devices, lines, keys, entry, ...groups }, problems }
}

/** Where phones are not provisioned, a MAC address makes none; whoever has one keeps it. */
function withoutPhone(person: Person): Person {
  return { ...person, mac: undefined, model: undefined, line: undefined }
}

/** `undefined` keeps, `null` clears. */
export function choose(cell: Value | undefined, current: Value | undefined, fallback: Value = null): Value {
  if (cell === null) return fallback
  return cell ?? current ?? fallback
}

/** A number that leads to a queue, or to the mailbox of somebody who left, cannot be an extension too. */
function checkNumber(extension: Row, current: Row | null, run: PlanRun, complain: Complain): void {
  const { number } = extension
  if (number === current?.['number']) return
  const group = run.snapshot.groups.find((row) => row['number'] === number)
  if (group) {
    const message = `${String(number)} leads to the group ${String(group['name'])}`
    complain('extension', 'extension-taken', message, 'Choose another number, or give the group another.')
  }
  if (run.snapshot.keptNumbers.has(String(number)))
    complain(
      'extension',
      'extension-kept',
      `${String(number)} leads to the mailbox of somebody who left`,
      `Choose another number, or delete that mailbox: offhook mailbox remove ${String(number)}.`,
    )
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
