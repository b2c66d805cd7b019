import { type Mac, parseMac } from '../model/mac.ts'
import { RedirectFailure } from './fault.ts'
import type { Reply } from './wire.ts'

export type JsonObject = { readonly [name: string]: unknown }

/** @throws RedirectFailure `unreadable` for what is no JSON */
export function readJson(reply: Reply, host: string): unknown {
  try {
    return JSON.parse(reply.text)
  } catch (cause) {
    throw new RedirectFailure('unreadable', `${host} answered ${reply.status} with something that is no JSON.`, {
      cause,
    })
  }
}

/** @throws RedirectFailure `unreadable` for anything but an object */
export function readObject(reply: Reply, host: string): JsonObject {
  const value = readJson(reply, host)
  if (isObject(value)) return value
  throw new RedirectFailure('unreadable', `${host} answered ${reply.status} with something that is no JSON object.`)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none for anything that is no list. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The text or number of a member as text; null for anything else and for empty text. */
export function textOf(object: JsonObject, name: string): string | null {
  const value = object[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** The MAC address in a member, in any spelling; null where there is none. */
export function macOf(object: JsonObject, name: string): Mac | null {
  return parseMac(textOf(object, name) ?? '')
}
