import type { RowCodec } from '../../apply/column-codec.ts'
import { readRows } from '../../apply/read-rows.ts'
import type { Queryable } from '../../db/pool.ts'
import { AppError } from '../../model/app-error.ts'
import { EMERGENCY_NUMBERS, parseExtensionNumber } from '../../model/extension-number.ts'
import { Fault } from '../../model/fault.ts'
import { parsePlainText } from '../../model/plain-text.ts'
import { quote } from '../../model/quote.ts'
import type { Row } from '../../plan/row.ts'

/** How Asterisk chooses whom to ring (app_queue.c, strategies); `linear` is left out, it needs a restart to change. */
export const STRATEGIES = [
  ...['ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory', 'rrordered', 'wrandom'],
] as readonly string[]

/** What may be said of a group; absent fields stay as they are, or get their defaults. */
export type GroupFields = {
  name?: string | undefined
  /** Null: nobody can dial it. */
  number?: string | null | undefined
  strategy?: string | undefined
  /** How long a caller waits, 5 to 7200; 300 unless told. */
  timeoutSeconds?: number | undefined
  /** How long a phone rings before the next round, 5 to 300; 15 unless told. */
  ringSeconds?: number | undefined
}

/** The columns that these fields mean. @throws AppError `input-invalid` naming the field */
export function readGroupFields(fields: GroupFields): Row {
  const { name, number, strategy, timeoutSeconds, ringSeconds } = fields
  if (strategy !== undefined && !STRATEGIES.includes(strategy))
    throw invalid(`${quote(strategy)} is not a strategy. One of ${STRATEGIES.join(', ')}.`)
  return {
    ...(name !== undefined && { name: readName(name) }),
    ...(number !== undefined && { number: number === null ? null : readNumber(number) }),
    ...(strategy !== undefined && { strategy }),
    ...(timeoutSeconds !== undefined && { timeout_seconds: readSeconds('timeout', timeoutSeconds, 7200) }),
    ...(ringSeconds !== undefined && { ring_seconds: readSeconds('ring time', ringSeconds, 300) }),
  }
}

/** A group by name, in any case, or id. @throws AppError `group-unknown` */
export async function findGroup(client: Queryable, tenantId: number, text: string, codec: RowCodec): Promise<Row> {
  const condition = 't.tenant_id = $1 and (lower(t.name) = lower($2) or t.id::text = $2)'
  const [group] = await readRows(client, 'offhook.groups', condition, [tenantId, text.trim()], codec)
  if (!group)
    throw new AppError('group-unknown', `There is no group ${quote(text)}. List them with: offhook group list`)
  return group
}

/** @throws AppError `already-there` when a group of that name, or anything at that number, is there */
export async function expectFree(client: Queryable, tenantId: number, group: Row): Promise<void> {
  const { rows } = await client.query<{ what: string }>(
    `select 'The group ' || name as what from groups where tenant_id = $1 and id <> $2 and lower(name) = lower($3)
     union all select 'The group ' || name || ' at that number' from groups
       where tenant_id = $1 and id <> $2 and number = $4
     union all select 'The extension ' || number from extensions where tenant_id = $1 and number = $4`,
    [tenantId, group['id'], group['name'], group['number']],
  )
  if (rows[0]) throw new AppError('already-there', `${rows[0].what} is there already.`)
}

function readName(text: string): string {
  const name = parsePlainText(text, { codePoints: 60 })
  if (name instanceof Fault) throw invalid(`${name.message}.`)
  if (/[,;|]/.test(name) || /^\d+$/.test(name))
    throw invalid('The name of a group has no comma, semicolon or bar, and is not a number: cells list groups by them.')
  return name
}

function readNumber(text: string): string {
  const number = parseExtensionNumber(text)
  if (number instanceof Fault) throw invalid(`${number.message}; ${number.suggestion}.`)
  if (EMERGENCY_NUMBERS.includes(number)) throw invalid(`${number} is an emergency number.`)
  return number
}

function readSeconds(what: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 5 && value <= most) return value
  throw invalid(`The ${what} of a group is 5 to ${most} seconds.`)
}

function invalid(message: string): AppError {
  return new AppError('input-invalid', message)
}
