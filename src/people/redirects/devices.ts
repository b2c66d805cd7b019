import { writeAudit } from '../../db/audit.ts'
import { endRedirectPause } from '../../db/redirect-accounts.ts'
import {
  listRedirectDevices,
  queueRedirectChecks,
  queueRedirects,
  type RedirectDevice,
  type RedirectPage,
  storeSerials,
} from '../../db/redirect-devices.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { type Mac, parseMac } from '../../model/mac.ts'
import { quote } from '../../model/quote.ts'
import type { PeopleDesk } from '../desk.ts'
import { withAccount } from './accounts.ts'

const SERIAL = /^[A-Za-z0-9-]{1,40}$/

/**
 * How far each phone of an account is, in the order of their MAC addresses; a command that cures it names the account and
 * the phone. @throws AppError `redirect-unknown`
 */
export function listRedirected(
  desk: PeopleDesk,
  tenant: Tenant,
  accountId: number,
  page: RedirectPage,
): Promise<RedirectDevice[]> {
  return withAccount(desk, tenant, accountId, async (client) => {
    const phones = await listRedirectDevices(client, accountId, page)
    return phones.map((phone) => ({ ...phone, cure: phone.cure && nameCommand(phone.cure, phone) }))
  })
}

/** Whoever speaks to a service knows no account: it writes `redirect send ACCOUNT MAC`, versions before wrote no ACCOUNT. */
function nameCommand(cure: string, { account_id, mac }: RedirectDevice): string {
  return cure.replace(/(?<=redirect send )(?:ACCOUNT )?MAC/, `${account_id} ${mac}`)
}

export type SendChoice = {
  /** Any spelling; without it every phone of the maker that is not confirmed. */
  macs?: readonly string[] | undefined
  /** What stands on the labels, by MAC address in any spelling; may come before the phones. */
  serials?: readonly { mac: string; serial: string }[] | undefined
}

/**
 * Has phones registered now, whatever became of them before. @returns how many
 * @throws AppError `redirect-unknown`; `input-invalid` for a malformed MAC address or serial number, or an account that is
 *   off or about to go; `device-unknown` naming phones that are not there or of another maker
 */
export async function sendRedirects(
  desk: PeopleDesk,
  tenant: Tenant,
  accountId: number,
  { macs, serials = [] }: SendChoice,
  actor: string,
): Promise<number> {
  const wanted = macs && [...new Set(macs.map(readMac))]
  const labels = serials.map(({ mac, serial }) => ({ mac: readMac(mac), serial: readSerial(serial) }))
  return withAccount(desk, tenant, accountId, async (client, account) => {
    if (account.leaving)
      throw new AppError('input-invalid', 'The account is being removed and takes no phones any more.')
    if (!account.enabled)
      throw new AppError(
        'input-invalid',
        `The account is switched off. Switch it on: offhook redirect set ${accountId} --enable`,
      )
    if (labels.length > 0)
      await storeSerials(client, tenant.id, [...new Map(labels.map((one) => [one.mac, one])).values()])
    const queued = await queueRedirects(client, accountId, wanted ?? null)
    const missing = wanted?.filter((mac) => !queued.includes(mac)) ?? []
    if (missing.length > 0)
      throw new AppError(
        'device-unknown',
        `${tenant.slug} has no phone of ${account.maker} with ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}.`,
      )
    await endRedirectPause(client, accountId)
    const detail = { phones: queued.length, serials: labels.length }
    await writeAudit(client, {
      tenantId: tenant.id,
      actor,
      action: 'redirect-send',
      object: `redirect ${accountId}`,
      detail,
    })
    return queued.length
  })
}

/** Has what the service holds of confirmed phones looked up again now. @returns how many phones */
export function recheckRedirects(desk: PeopleDesk, tenant: Tenant, accountId: number, actor: string): Promise<number> {
  return withAccount(desk, tenant, accountId, async (client) => {
    const phones = await queueRedirectChecks(client, accountId)
    const object = `redirect ${accountId}`
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'redirect-check', object, detail: { phones } })
    return phones
  })
}

function readMac(text: string): Mac {
  const mac = parseMac(text)
  if (mac === null) throw new AppError('input-invalid', `${quote(text)} is not a MAC address of 12 hexadecimal digits.`)
  return mac
}

function readSerial(text: string): string {
  const serial = text.trim()
  if (SERIAL.test(serial)) return serial
  throw new AppError('input-invalid', `${quote(text)} is not a serial number: up to 40 letters, digits and hyphens.`)
}
