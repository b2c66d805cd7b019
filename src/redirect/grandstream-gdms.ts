import type { Mac } from '../model/mac.ts'
import { type AskPatiently, askPatiently } from './ask-patiently.ts'
import { type CloudLogin, colonMac, type Connector, type Holding, type Outcomes, type Phone } from './connector.ts'
import { type RedirectFault, RedirectFailure } from './fault.ts'
import { type AskGdms, gdmsAccount, type GdmsAnswer } from './gdms-account.ts'
import { isObject, type JsonObject, macOf, objectsIn, textOf } from './read-json.ts'
import type { Wire } from './wire.ts'

const PAGE = 100
/** So many phones are looked up one by one; with more, the whole list is read. */
const FEW = 10

/**
 * Grandstream Device Management System. It keeps no address for a phone: a phone is put into a site, and where the site's
 * phones fetch is set there, once, by a person. So no address is sent, and none can be compared.
 */
export function connectGdms(account: CloudLogin, wire: Wire, ask: AskPatiently = askPatiently(wire)): Connector {
  const call = gdmsAccount(account, ask)
  const siteId = account.options['site']!
  const where = { siteId: Number(siteId), ...(account.options['org'] && { orgId: Number(account.options['org']) }) }
  const org = account.options['org'] ? { orgId: Number(account.options['org']) } : {}
  const find = (phones: readonly Phone[], signal: AbortSignal) => findAll(call, { org, siteId }, phones, signal)

  return {
    async register(placements, signal): Promise<Outcomes> {
      const outcomes = new Map<Mac, RedirectFault | null>()
      const held = await find(placements, signal)
      const adding = placements.filter(({ mac, serial }) => {
        const state = held.get(mac)?.state
        outcomes.set(mac, state === 'elsewhere' ? OTHER_SITE : serial === null && state !== 'ours' ? NO_SERIAL : null)
        return state === 'absent' && serial !== null
      })
      if (adding.length === 0) return outcomes
      const items = adding.map(({ mac, serial }) => ({ mac: colonMac(mac), sn: serial!, ...where }))
      const failed = readFailures(await call('device/add', items, signal))
      for (const [mac, fault] of failed) {
        if (!outcomes.has(mac))
          throw new RedirectFailure('unreadable', 'GDMS speaks of a phone that was not asked about.')
        outcomes.set(mac, fault)
      }
      return outcomes
    },
    async unregister(phones, signal): Promise<Outcomes> {
      const held = await find(phones, signal)
      const leaving = phones.filter(({ mac }) => held.get(mac)?.state === 'ours')
      const outcomes = new Map<Mac, RedirectFault | null>(phones.map(({ mac }) => [mac, null]))
      if (leaving.length === 0) return outcomes
      const answer = await call('device/delete', { macList: leaving.map(({ mac }) => colonMac(mac)), ...org }, signal)
      if (!('refused' in answer)) return outcomes
      for (const { mac } of leaving) outcomes.set(mac, explain(answer.refused.code, answer.refused.words))
      return outcomes
    },
    find,
    async list(signal) {
      const rows = await readPages(call, org, signal)
      const mine = rows.filter((row) => textOf(row, 'siteId') === siteId)
      return new Map(mine.flatMap((row) => (macOf(row, 'mac') === null ? [] : [[macOf(row, 'mac')!, null] as const])))
    },
  }
}

const OTHER_SITE: RedirectFault = {
  ...{
    code: 'profile-unknown',
    field: 'profile',
    message: 'The phone is in another site of the account at Grandstream.',
  },
  cure: 'Move it into the site of this account on the GDMS page.',
}

const NO_SERIAL: RedirectFault = {
  ...{ code: 'serial-missing', field: 'serial', message: 'Grandstream wants the serial number of the phone.' },
  cure: 'Give it: offhook redirect send ACCOUNT MAC --serial SN',
}

/** A batch is taken as a whole or not; what failed of it stands beside. */
function readFailures(answer: GdmsAnswer): Map<Mac, RedirectFault> {
  if ('refused' in answer)
    throw new RedirectFailure('unreadable', `GDMS refuses device/add (${answer.refused.code}): ${answer.refused.words}`)
  const { data } = answer
  const failures = isObject(data) ? objectsIn(data['errorDeviceList']) : []
  const count = isObject(data) ? Number(data['failure'] ?? 0) : 0
  if (failures.length !== count) throw new RedirectFailure('unreadable', 'GDMS counts other failures than it lists.')
  return new Map(
    failures.map((one) => {
      const mac = macOf(one, 'mac')
      if (mac === null) throw new RedirectFailure('unreadable', 'GDMS does not say which phone failed.')
      return [mac, explain(textOf(one, 'errorMsg') ?? '', '')]
    }),
  )
}

function explain(code: string, words: string): RedirectFault {
  const said = `${code}${words && `, “${words}”`}`
  if (code === '30010')
    return {
      ...{ code: 'serial-refused', field: 'serial', message: `The serial number is not the phone’s (${said}).` },
      cure: 'Copy it again from the label or the box: offhook redirect send ACCOUNT MAC --serial SN',
    }
  if (/exist|bound|owned/i.test(words))
    return {
      ...{
        code: 'owned-elsewhere',
        field: 'mac',
        message: `Another account at Grandstream holds this phone (${said}).`,
      },
      cure: 'Have its former owner or dealer delete it, or ask Grandstream support with proof of purchase.',
    }
  return {
    ...{ code: 'refused', field: 'mac', message: `Grandstream refused (${said}).` },
    cure: 'Compare MAC address and serial number with the label; see the account’s page at Grandstream.',
  }
}

async function findAll(
  call: AskGdms,
  { org, siteId }: { org: object; siteId: string },
  phones: readonly Phone[],
  signal: AbortSignal,
): Promise<Map<Mac, Holding>> {
  const rows: JsonObject[] = []
  if (phones.length > FEW) rows.push(...(await readPages(call, org, signal)))
  else for (const { mac } of phones) rows.push(...(await readPage(call, { mac: colonMac(mac), ...org }, 1, signal)))
  const byMac = new Map(rows.map((row) => [macOf(row, 'mac'), row]))
  const judge = (row: JsonObject | undefined): Holding => {
    if (!row) return { state: 'absent' }
    return textOf(row, 'siteId') === siteId ? { state: 'ours', address: null } : { state: 'elsewhere' }
  }
  return new Map(phones.map(({ mac }) => [mac, judge(byMac.get(mac))]))
}

async function readPages(call: AskGdms, org: object, signal: AbortSignal): Promise<JsonObject[]> {
  const rows: JsonObject[] = []
  for (let number = 1; ; number++) {
    const page = await readPage(call, org, number, signal)
    rows.push(...page)
    if (page.length < PAGE) return rows
  }
}

async function readPage(call: AskGdms, filter: object, pageNum: number, signal: AbortSignal): Promise<JsonObject[]> {
  const answer = await call('device/list', { ...filter, pageNum, pageSize: PAGE }, signal)
  if ('refused' in answer)
    throw new RedirectFailure(
      'unreadable',
      `GDMS refuses device/list (${answer.refused.code}): ${answer.refused.words}`,
    )
  if (!isObject(answer.data)) throw new RedirectFailure('unreadable', 'GDMS answered device/list without a list.')
  return objectsIn(answer.data['result'])
}
