import { Secret } from '../model/secret.ts'
import type { Mac } from '../model/mac.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import type { CloudLogin, Connector, Holding, Outcomes, Phone, Placement } from './connector.ts'
import { type RedirectFault, RedirectFailure } from './fault.ts'
import { type JsonObject, macOf, objectsIn, textOf } from './read-json.ts'
import { explainYmcs, type YmcsItem } from './yealink-ymcs-faults.ts'
import { type AskYmcs, ymcsAccount } from './yealink-ymcs-account.ts'
import type { Wire } from './wire.ts'

const PAGE = 100
/** So many phones are looked up one by one; with more, the whole list is read. */
const FEW = 10

/** Yealink Management Cloud, open API v2, section RPS Device Management. */
export function connectYmcs(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const call = ymcsAccount(account, ask)
  const macOnly = account.options['mac-only'] === 'yes'

  const register = async (placements: readonly Placement[], signal: AbortSignal): Promise<Outcomes> => {
    const outcomes = new Map<Mac, RedirectFault | null>()
    const adding = placements.filter((one) => {
      if (one.serial !== null || macOnly) return true
      outcomes.set(one.mac, explainYmcs({ code: 'serial-missing', text: '' }))
      return false
    })
    for (const [path, some] of [
      ['/v2/rps/addDevices', adding.filter(({ serial }) => serial !== null)],
      ['/v2/rps/addDevicesByMac', adding.filter(({ serial }) => serial === null)],
    ] as const) {
      if (some.length === 0) continue
      const failed = await addBatch(call, path, some, signal)
      if (failed === null) {
        for (const { mac } of some) outcomes.set(mac, explainYmcs({ code: 'serial-missing', text: 'forbidden' }))
        continue
      }
      for (const { mac } of some) outcomes.set(mac, null)
      for (const [mac, item] of failed) {
        const placement = some.find((one) => one.mac === mac)
        if (!placement)
          throw new RedirectFailure('unreadable', `YMCS speaks of a phone ${mac} that was not asked about.`)
        const exists = explainYmcs(item).code === 'owned-elsewhere' || item.code === '800003'
        outcomes.set(placement.mac, exists ? await readdress(call, placement, item, signal) : explainYmcs(item))
      }
    }
    return outcomes
  }

  return {
    register,
    async unregister(phones, signal) {
      const deviceIds = phones.map(({ mac }) => mac)
      const failed = await callBatch(call, '/v2/rps/delDevices', { deviceIdType: 'mac', deviceIds }, 'field', signal)
      const left = phones.filter(({ mac }) => failed.has(mac))
      // One that is not there is a failure of its own, told by words: what counts is whether it is there.
      const found = await find(call, left, signal)
      return new Map(
        phones.map(({ mac }) => {
          const item = failed.get(mac)
          return [mac, item && found.get(mac)?.state === 'ours' ? explainYmcs(item) : null] as const
        }),
      )
    },
    find: (phones, signal) => find(call, phones, signal),
    async list(signal) {
      const rows = await readPages(call, signal)
      return new Map(
        rows.flatMap((row) => {
          const mac = macOf(row, 'mac')
          return mac === null ? [] : [[mac, addressIn(row)] as const]
        }),
      )
    },
  }
}

function describe({ mac, serial, address }: Placement) {
  return { mac, ...(serial !== null && { sn: serial }), uniqueServerUrl: address.reveal() }
}

/** A phone that the account holds already is changed in place: deleted and added, it would be anybody's in between. */
async function readdress(
  call: AskYmcs,
  placement: Placement,
  item: YmcsItem,
  signal: AbortSignal,
): Promise<RedirectFault | null> {
  const row = await readRow(call, placement.mac, signal)
  const id = row && textOf(row, 'id')
  if (!id) return explainYmcs({ ...item, code: '800004' })
  if (addressIn(row)?.equals(placement.address)) return null
  const body = { uniqueServerUrl: placement.address.reveal() }
  await call('PATCH', `/v2/rps/devices/${encodeURIComponent(id)}`, body, signal)
  return null
}

/** What failed; null when the account may not register by MAC address alone: a favour that Yealink grants to some. */
async function addBatch(
  call: AskYmcs,
  path: string,
  some: readonly Placement[],
  signal: AbortSignal,
): Promise<Map<string, YmcsItem> | null> {
  try {
    return await callBatch(call, path, some.map(describe), 'mac', signal)
  } catch (error) {
    if (error instanceof RedirectFailure && error.kind === 'forbidden' && path.endsWith('ByMac')) return null
    throw error
  }
}

/** What failed of a batch, by the phone that it names. */
async function callBatch(
  call: AskYmcs,
  path: string,
  body: unknown,
  key: 'mac' | 'field',
  signal: AbortSignal,
): Promise<Map<string, YmcsItem>> {
  const answer = await call('POST', path, body, signal)
  const errors = objectsIn(answer['errors'])
  if (typeof answer['failureCount'] !== 'number' || errors.length !== answer['failureCount'])
    throw new RedirectFailure('unreadable', `YMCS counts other failures of ${path} than it lists.`)
  return new Map(
    errors.map((error) => [
      (textOf(error, key) ?? '').toLowerCase(),
      {
        code: textOf(error, 'code') ?? textOf(error, 'errorCode') ?? '',
        text: textOf(error, 'errorInfo') ?? textOf(error, 'msg') ?? '',
      },
    ]),
  )
}

async function find(call: AskYmcs, phones: readonly Phone[], signal: AbortSignal): Promise<Map<Mac, Holding>> {
  const rows =
    phones.length > FEW
      ? await readPages(call, signal)
      : (await Promise.all(phones.map(({ mac }) => readRow(call, mac, signal)))).filter((row) => row !== null)
  const byMac = new Map(rows.map((row) => [macOf(row, 'mac'), row]))
  const judge = (row: JsonObject | undefined): Holding =>
    row ? { state: 'ours', address: addressIn(row) } : { state: 'absent' }
  return new Map(phones.map(({ mac }) => [mac, judge(byMac.get(mac))]))
}

function addressIn(row: JsonObject): Secret | null {
  const address = textOf(row, 'uniqueServerUrl') ?? textOf(row, 'serverUrl')
  return address === null ? null : new Secret(address)
}

async function readRow(call: AskYmcs, mac: Mac, signal: AbortSignal): Promise<JsonObject | null> {
  const body = { skip: 0, limit: PAGE, autoCount: true, filter: { mac } }
  const { data } = await call('POST', '/v2/rps/listDevices', body, signal)
  // The filter may also fit a part of other addresses.
  return objectsIn(data).find((row) => macOf(row, 'mac') === mac) ?? null
}

async function readPages(call: AskYmcs, signal: AbortSignal): Promise<JsonObject[]> {
  const rows: JsonObject[] = []
  for (;;) {
    const body = { skip: rows.length, limit: PAGE, autoCount: true, filter: {} }
    const { data, total } = await call('POST', '/v2/rps/listDevices', body, signal)
    const page = objectsIn(data)
    rows.push(...page)
    if (page.length === 0 || (typeof total === 'number' && rows.length >= total)) return rows
  }
}
