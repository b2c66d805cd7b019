import type { PersonRows } from '../../plan/person-rows.ts'
import type { Row, Value } from '../../plan/row.ts'
import { generateDeviceToken, hashDeviceToken } from '../../secrets/device-token.ts'

/** The device as one that is nobody's. */
export function freeDevice(device: Row): Row {
  return { ...device, ...freshToken(), user_id: null, profile_id: null, settings: '{}' }
}

/** A new address, for what holds the old one must not get what comes next. */
export function freshToken(): Row {
  const token = generateDeviceToken()
  return { token, token_sha256: hashDeviceToken(token.reveal()).toString('hex') }
}

/** A person without a phone, its lines and its keys. */
export function withoutPhone(person: PersonRows, deviceId: Value): PersonRows {
  return {
    ...person,
    devices: person.devices.filter((device) => device['id'] !== deviceId),
    lines: person.lines.filter((line) => line['device_id'] !== deviceId),
    keys: person.keys.filter((key) => key['device_id'] !== deviceId),
  }
}
