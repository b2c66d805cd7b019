import { z } from 'zod'
import { Fault } from '../model/fault.ts'
import { parseHost } from '../model/host.ts'
import { Secret } from '../model/secret.ts'
import { isPlainLine } from './formats/format.ts'

/** What the table of settings says of each: shown by `explain` and in the API, read by the linter. */
export type SettingMeaning = { meaning: string; type: string; secret?: boolean }

/** Attaches the row of the table to the check of the value. */
export function setting<T extends z.ZodType>(type: string, meaning: string, schema: T): T {
  return schema.meta({ type, meaning })
}

/** One line of text; the longest that a phone family is known to keep is far below. */
export const text = z.string().max(512).refine(isPlainLine, 'holds a control character or a half of a character')

/** RFC 3261 `user` without escapes, which phones treat differently. */
export const sipUser = z.string().regex(/^[A-Za-z0-9_.+*#~-]{1,64}$/, 'is not a SIP user name')

/** What can be dialled: digits, `*`, `#` and a leading `+`. */
export const dialled = z.string().regex(/^\+?[0-9*#]{1,32}$/, 'is not a number to dial')

/** A host name or address without a port. */
export const host = z.string().refine((value) => checkHost(value, false), 'is not a host')

/** A host with an optional port. */
export const hostAndPort = z.string().refine((value) => checkHost(value, true), 'is not a host')

function checkHost(value: string, port: boolean): boolean {
  const parsed = parseHost(value)
  return !(parsed instanceof Fault) && parsed === value && (port || !/(?:^[^[]*|\]):\d+$/.test(value))
}

export const url = text.refine((value) => URL.canParse(value) && /^https?:/.test(value), 'is not an http address')

/** Taken by every maker as it is: as the bytes of an AES key, as a passphrase, within quotes. */
export const fileKey = z.custom<Secret>(
  (value) => value instanceof Secret && /^[0-9A-Za-z]{16}$/.test(value.reveal()),
  {
    error: 'is not 16 letters and digits',
  },
)

/** A secret text. It must be wrapped before it comes here, so that no layer prints it. */
export const secret = z.custom<Secret>((value) => value instanceof Secret && isPlainLine(value.reveal()), {
  error: 'is not a secret, or holds a control character',
})

export const port = z.int().min(1).max(65_535)

/** IPv4 multicast (RFC 1112), which is what phones listen to and Asterisk's MulticastRTP sends to. */
export const multicastGroup = z
  .string()
  .regex(/^(?:22[4-9]|23[0-9])(?:\.(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/, 'is not an IPv4 multicast address')

/** `02:00-05:30`; a window that ends before it begins reaches into the next day. */
export const timeWindow = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/, 'is not two times such as 02:00-05:00')
  .refine((value) => value.slice(0, 5) !== value.slice(6), 'begins when it ends')
