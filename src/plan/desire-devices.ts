import type { Mac } from '../model/mac.ts'
import type { Person } from '../model/person.ts'
import type { Complain } from './desire.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { DeviceRows, PlanRun } from './snapshot.ts'
import type { PlanModel } from './supply.ts'

type Desired = { devices: Row[]; lines: Row[] }

/** The person's phones and the account slots on them. */
export function desireDevices(
  person: Person,
  current: PersonRows | null,
  user: Row,
  endpoints: Row[],
  run: PlanRun,
  complain: Complain,
): Desired {
  const desk = endpoints.find((endpoint) => endpoint['kind'] === 'desk')
  const kept = keepLines(current, endpoints)
  if (person.mac === null) return withoutDesks(kept, current, run)
  const model = person.model ? run.models.get(person.model.toLowerCase()) : undefined
  if (person.model && !model)
    complain('model', 'model-unknown', `no phone family knows the model ${person.model}`, 'See: offhook check')
  if (person.mac && !desk) {
    complain(
      'mac',
      'phone-without-account',
      `the phone ${person.mac} needs an account: an extension, with telephony on`,
      'Fill in the extension, switch telephony on, or leave the phone out.',
    )
    return kept
  }
  if (person.mac) {
    const { target, kept: left } = deskPhone(person.mac, kept, current, user, model, run, complain)
    return placeOn(target, left, desk, person, run, complain)
  }
  if (model?.softphone) return placeOn(softphone(kept, user, model, run), kept, desk, person, run, complain)
  const only = kept.devices.length === 1 ? kept.devices[0] : undefined
  return model && only ? { ...kept, devices: [asModel(only, model, run, complain)] } : kept
}

/** A device as the model that the row says it is, unless another row says otherwise. */
function asModel(device: Row, model: PlanModel, run: PlanRun, complain: Complain): Row {
  const said = run.modelSaid.get(device['id']!)
  if (said && said.model !== model.model)
    complain(
      'model',
      'model-contested',
      `row ${said.row} says that the phone ${String(device['name'])} is a ${said.model}, this row a ${model.model}`,
      'Correct one of the two rows.',
    )
  return { ...device, ...describeModel(model) }
}

/** Lines whose account goes away go with it; their devices stay for somebody else. */
function keepLines(current: PersonRows | null, endpoints: Row[]): Desired {
  const ids = new Set(endpoints.map((endpoint) => endpoint['id']))
  return {
    devices: current?.devices ?? [],
    lines: (current?.lines ?? []).filter((line) => ids.has(line['endpoint_id'])),
  }
}

/** `-` in the MAC column: the person gives the phones back; one that nobody else is on is deleted. */
function withoutDesks(kept: Desired, current: PersonRows | null, run: PlanRun): Desired {
  const desks = new Set(kept.devices.filter((device) => device['mac'] !== null).map((device) => device['id']!))
  return {
    devices: kept.devices.filter((device) => !desks.has(device['id']!) || isShared(device, current, run)),
    lines: kept.lines.filter((line) => !desks.has(line['device_id']!)),
  }
}

/** The phone of that MAC address: the one that is there, or one that takes the place of the person's only one. */
function deskPhone(
  mac: Mac,
  kept: Desired,
  current: PersonRows | null,
  user: Row,
  model: PlanModel | undefined,
  run: PlanRun,
  complain: Complain,
): { target: DeviceRows | null; kept: Desired } {
  if (run.snapshot.takenMacs.has(mac)) {
    complain('mac', 'mac-taken', `the phone ${mac} is in use on this system`, 'Check the MAC address.')
    return { target: null, kept }
  }
  const known = run.devicesByMac.get(mac)
  if (known) return { target: model ? { ...known, device: asModel(known.device, model, run, complain) } : known, kept }
  const desks = kept.devices.filter((device) => device['mac'] !== null && device['user_id'] === user['id'])
  const old = desks.length === 1 ? desks[0]! : null
  if (!model && !old) {
    complain('model', 'model-missing', `the phone ${mac} has no model`, 'Fill in the model.')
    return { target: null, kept }
  }
  const fresh = { ...createDevice(mac, mac, user, run), ...(old && pick(old, ['family', 'model'])) }
  if (!old) return { target: { device: { ...fresh, ...describeModel(model!) }, lines: [] }, kept }
  if (isShared(old, current, run)) {
    const device = { ...fresh, ...(model && describeModel(model)) }
    return { target: { device, lines: [] }, kept: leave(old, kept) }
  }
  // The phone that was replaced knows the old token: what takes its place gets its own, and keeps keys and settings.
  const same = pick(old, ['id', 'location_id', 'profile_id', 'settings'])
  const device: Row = { ...fresh, ...same, ...(model && describeModel(model)) }
  return { target: { device, lines: kept.lines.filter((line) => line['device_id'] === device['id']) }, kept }
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]!]))
}

/** Whether somebody else is on this phone, or will be after rows before this one. */
function isShared(device: Row, current: PersonRows | null, run: PlanRun): boolean {
  const own = new Set(current?.lines.map((line) => line['id']))
  return run.devicesByMac.get(device['mac'] as Mac)?.lines.some((line) => !own.has(line['id'])) ?? false
}

/** A phone that others are on stays theirs when its owner moves to another. */
function leave(old: Row, { devices, lines }: Desired): Desired {
  return {
    devices: devices.map((device) => (device === old ? { ...device, user_id: null } : device)),
    lines: lines.filter((line) => line['device_id'] !== old['id']),
  }
}

function softphone(kept: Desired, user: Row, model: PlanModel, run: PlanRun): DeviceRows {
  const known = kept.devices.find((device) => device['mac'] === null && device['family'] === model.family)
  if (known) return { device: known, lines: kept.lines.filter((line) => line['device_id'] === known['id']) }
  const device = createDevice(null, '', user, run)
  // A device keeps its name when its owner gets another user name, or goes; whoever gets that one next may have it too.
  const name = `${String(user['username'])}/${model.family}-${String(device['id'])}`
  return { device: { ...device, name, ...describeModel(model) }, lines: [] }
}

function createDevice(mac: Mac | null, name: string, user: Row, run: PlanRun): Row {
  const token = run.supply.deviceToken()
  return {
    id: run.supply.nextId(),
    tenant_id: run.tenant.id,
    mac,
    name,
    user_id: user['id']!,
    location_id: user['location_id']!,
    profile_id: null,
    settings: '{}',
    token,
    token_sha256: run.supply.hashToken(token),
    admin_password: run.supply.adminPassword(),
  }
}

function describeModel(model: PlanModel): Row {
  return { family: model.family, model: model.model }
}

/** Puts the person's account on a slot: the one asked for, the one it is on, or the first free one. */
function placeOn(
  target: DeviceRows | null,
  kept: Desired,
  desk: Row | undefined,
  person: Person,
  run: PlanRun,
  complain: Complain,
): Desired {
  if (!target) return kept
  const { device } = target
  const devices = [...kept.devices.filter((other) => other['id'] !== device['id']), device]
  if (!desk) return { ...kept, devices }
  const existing = kept.lines.find((line) => line['device_id'] === device['id'] && line['endpoint_id'] === desk['id'])
  const taken = new Set(target.lines.filter((line) => line['id'] !== existing?.['id']).map((line) => line['position']))
  const position = person.line ?? existing?.['position'] ?? firstFree(taken)
  if (taken.has(position)) {
    complain(
      'line',
      'line-taken',
      `line ${String(position)} of that phone belongs to another account`,
      'Choose another line.',
    )
    return kept
  }
  const slots = run.models.get(String(device['model']).toLowerCase())?.lines ?? Infinity
  if (Number(position) > slots) {
    complain('line', 'line-too-high', `the ${String(device['model'])} has ${slots} lines`, 'Choose a lower line.')
    return kept
  }
  const line: Row = {
    id: existing?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    device_id: device['id']!,
    position,
    endpoint_id: desk['id']!,
    label: existing?.['label'] ?? null,
  }
  return { devices, lines: [...kept.lines.filter((other) => other['id'] !== line['id']), line] }
}

function firstFree(taken: ReadonlySet<unknown>): number {
  let position = 1
  while (taken.has(position)) position++
  return position
}
