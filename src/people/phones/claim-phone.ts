import { inTransaction, type Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import { findWaiting, tellWaiting, type WaitingPhone } from '../../db/waiting-phones.ts'
import { AppError } from '../../model/app-error.ts'
import type { PeopleDesk } from '../desk.ts'
import { checkMinutes, releasePhones } from '../release-phones.ts'
import { addPhone, assignPhone } from './add-phone.ts'
import { chooseModel, findPhone, readMac, readModel } from './find-phone.ts'

export type Claim = {
  mac: string
  user: number
  model?: string | undefined
  line?: number | undefined
  minutes: number
}
export type Claimed = { mac: string; model: string; closesAt: Date }

/**
 * Gives somebody a phone that stands there unpacked, and lets it fetch its configuration by MAC address for a while. It is
 * of the model that it said itself when it asked for files, unless told; one that is in stock is taken from there.
 * @param owner sees the waiting phones, which are nobody's yet
 * @throws AppError `input-invalid` where no model is known; and as `addPhone`, `assignPhone` and `releasePhones`
 */
export async function claimPhone(
  desk: PeopleDesk,
  owner: Queryable,
  tenant: Tenant,
  { mac: text, user, model: said, line, minutes }: Claim,
  actor: string,
): Promise<Claimed> {
  const mac = readMac(text)
  checkMinutes(minutes)
  const stock = await inTransaction(desk.pool, tenant.id, (client) => findPhone(client, desk, tenant, mac))
  if (stock) await assignPhone(desk, tenant, { user, mac, line }, actor)
  const model = stock
    ? String(stock.device['model'])
    : readModel(desk, said ?? findModel(desk, await findWaiting(owner, mac), mac)).model
  const deviceId = stock ? Number(stock.device['id']) : await addPhone(desk, tenant, { user, mac, model, line }, actor)
  await tellWaiting(owner, tenant.id)
  return { mac, model, closesAt: await releasePhones(desk, tenant, { deviceId, minutes, actor }) }
}

/** By the User-Agent, or by a word of what it said by multicast that is a model. */
function findModel(desk: PeopleDesk, waiting: WaitingPhone | null, mac: string): string {
  const words = waiting ? [waiting.model ?? '', ...waiting.user_agent.split(' ')] : []
  const read = chooseModel(desk)
  const known = words.map((word) => read(word)).find((model) => typeof model === 'string')
  if (known !== undefined) return known
  const why = !waiting
    ? 'has not asked for anything yet. Say its model'
    : waiting.model
      ? `says that it is a ${waiting.model}, which no family knows. Say a model that is like it`
      : 'did not say which model it is. Say it'
  throw new AppError('input-invalid', `The phone ${mac} ${why}, e.g. --model T46U`)
}
