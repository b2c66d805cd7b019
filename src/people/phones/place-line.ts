import { AppError } from '../../model/app-error.ts'
import type { PersonRows } from '../../plan/person-rows.ts'
import type { Row } from '../../plan/row.ts'

/** A slot on a phone for a person's account: the one asked for, or the first free one. */
export type Placement = { device: Row; taken: readonly Row[]; slots: number; line?: number | undefined; id: number }

/**
 * The person with their desk account on a slot of a phone.
 * @throws AppError `input-invalid` without a desk account or for a slot that the phone lacks, `in-use` for a taken one
 */
export function placeLine(person: PersonRows, { device, taken, slots, line, id }: Placement): PersonRows {
  const desk = person.endpoints.find((endpoint) => endpoint['kind'] === 'desk')
  if (!desk)
    throw new AppError(
      'input-invalid',
      `${String(person.user['username'])} has no account for a desk phone: that needs an extension, telephony, and the SIP mode builtin.`,
    )
  if (taken.some((other) => other['endpoint_id'] === desk['id']))
    throw new AppError('already-there', `${String(person.user['username'])} is on the phone ${String(device['name'])}.`)
  const positions = new Set(taken.map((other) => other['position']))
  const position = line ?? firstFree(positions)
  if (!Number.isInteger(position) || position < 1 || position > slots)
    throw new AppError('input-invalid', `The ${String(device['model'])} has the lines 1 to ${slots}.`)
  if (positions.has(position))
    throw new AppError('in-use', `Line ${position} of the phone ${String(device['name'])} belongs to another account.`)
  const row: Row = {
    ...{
      id,
      tenant_id: device['tenant_id']!,
      device_id: device['id']!,
      position,
      endpoint_id: desk['id']!,
      label: null,
    },
  }
  const others = person.devices.filter((other) => other['id'] !== device['id'])
  return { ...person, devices: [...others, device], lines: [...person.lines, row] }
}

function firstFree(taken: ReadonlySet<unknown>): number {
  let position = 1
  while (taken.has(position)) position++
  return position
}
