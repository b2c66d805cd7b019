import { writeAudit } from '../db/audit.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import { deletePin, listPins as readPins, type Pin, putPin } from '../db/rollouts.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { parseMac } from '../model/mac.ts'
import { expectImage } from './firmware.ts'
import type { Shelf } from './shelf.ts'

export type { Pin } from '../db/rollouts.ts'

/**
 * Has one phone get a version, whatever rollouts say; `version` null has it keep what it has, `undefined` gives it back to
 * the rollouts. Mind the model: nothing but the image's own list of models is asked.
 * @param phone MAC address in any spelling, or name
 * @throws AppError `device-unknown`, `firmware-unknown`, `input-invalid`
 */
export function pinFirmware(
  { pool }: Pick<Shelf, 'pool'>,
  tenant: Tenant,
  { phone, version }: { phone: string; version: string | null | undefined },
  actor: string,
): Promise<void> {
  return inTransaction(pool, tenant.id, async (client) => {
    const device = await findPhone(client, tenant, phone)
    if (version === undefined) {
      if (!(await deletePin(client, device.id)))
        throw new AppError('input-invalid', `The phone ${device.name} is not pinned.`)
    } else await putPin(client, tenant.id, device.id, await readImage(client, tenant, device, version))
    const entry = { tenantId: tenant.id, actor, action: 'firmware-pin', object: device.name }
    await writeAudit(client, { ...entry, detail: { version: version === undefined ? 'off' : version } })
  })
}

export function listPins({ pool }: Pick<Shelf, 'pool'>, tenant: Tenant): Promise<Pin[]> {
  return inTransaction(pool, tenant.id, (client) => readPins(client, tenant.id))
}

type Device = { id: number; name: string; family: string; model: string }

async function findPhone(client: Queryable, tenant: Tenant, text: string): Promise<Device> {
  const { rows } = await client.query<Device>(
    'select id, name, family, model from devices where tenant_id = $1 and (mac = $2 or name = $3) order by id limit 1',
    [tenant.id, parseMac(text), text],
  )
  if (!rows[0]) throw new AppError('device-unknown', `The tenant ${tenant.slug} has no phone ${text}.`)
  return rows[0]
}

async function readImage(
  client: Queryable,
  tenant: Tenant,
  { family, model }: Device,
  version: string | null,
): Promise<number | null> {
  if (version === null) return null
  const image = await expectImage(client, tenant, { family, version })
  if (image.files.some(({ models }) => models.length === 0 || models.includes(model.toLowerCase()))) return image.id
  throw new AppError('input-invalid', `${family} ${version} has no file for a ${model}.`)
}
