import type { Queryable } from './pool.ts'

/** A file of an image; `models` in lower case, none: for every model of the family. `sha256` in hex. */
export type FirmwareFile = { name: string; models: string[]; sha256: string; bytes: number }

/** A version of a family's firmware. `phones`: how many it is offered to or pinned on. */
export type FirmwareImage = {
  id: number
  family: string
  version: string
  open: boolean
  added_at: Date
  files: FirmwareFile[]
  rollouts: number
  phones: number
}

const FILES = `coalesce((select json_agg(json_build_object('name', f.name, 'models', f.models,
    'sha256', encode(f.sha256, 'hex'), 'bytes', f.bytes) order by f.id)
  from firmware_files f where f.image_id = i.id), '[]')`

const IMAGE = `select i.id, i.family, i.version, i.open, i.added_at, ${FILES} as files,
    (select count(*) from firmware_rollouts r where r.image_id = i.id) as rollouts,
    (select count(*) from (select device_id from firmware_offers o where o.image_id = i.id
       union select device_id from firmware_pins p where p.image_id = i.id) used) as phones
  from firmware_images i`

/** All images of the tenant, by family and the newest first. */
export async function listImages(client: Queryable, tenantId: number): Promise<FirmwareImage[]> {
  const { rows } = await client.query<FirmwareImage>(`${IMAGE} where tenant_id = $1 order by family, id desc`, [
    tenantId,
  ])
  return rows
}

/** What an image is known by. */
export type ImageKey = { family: string; version: string } | { id: number }

/** Null when the tenant has no such version. Locks it, so that nobody removes it meanwhile. */
export async function findImage(client: Queryable, tenantId: number, key: ImageKey): Promise<FirmwareImage | null> {
  const [where, values] =
    'id' in key ? ['id = $2', [key.id]] : ['family = $2 and version = $3', [key.family, key.version]]
  const { rows } = await client.query<FirmwareImage>(`${IMAGE} where tenant_id = $1 and ${where} for update of i`, [
    ...[tenantId, ...values],
  ])
  return rows[0] ?? null
}

/** The image of that version, made if need be. @returns its id */
export async function ensureImage(
  client: Queryable,
  tenantId: number,
  { family, version, open }: { family: string; version: string; open: boolean },
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into firmware_images (tenant_id, family, version, open) values ($1, $2, $3, $4)
     on conflict on constraint firmware_images_version_unique do update set open = firmware_images.open or excluded.open
     returning id`,
    [tenantId, family, version, open],
  )
  return rows[0]!.id
}

/**
 * Adds a file, or says for more models that one which is there is theirs too. @returns false when a file of that name
 * holds something else
 */
export async function putFirmwareFile(
  client: Queryable,
  tenantId: number,
  imageId: number,
  { name, models, sha256, bytes }: FirmwareFile,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into firmware_files as f (tenant_id, image_id, name, models, sha256, bytes)
     values ($1, $2, $3, $4, decode($5, 'hex'), $6)
     on conflict (image_id, lower(name)) do update
       set models = case when f.models = '{}' or excluded.models = '{}' then '{}'
         else array(select distinct unnest(f.models || excluded.models) order by 1) end
       where f.sha256 = excluded.sha256`,
    [tenantId, imageId, name, models, sha256, bytes],
  )
  return rowCount === 1
}

export async function deleteImage(client: Queryable, id: number): Promise<void> {
  await client.query('delete from firmware_images where id = $1', [id])
}

/** Files that anybody gets by their bare name. Of files that share one, the first counts. As a role that sees all. */
export async function listOpenFiles(client: Queryable): Promise<(FirmwareFile & { family: string })[]> {
  const { rows } = await client.query<FirmwareFile & { family: string }>(
    `select distinct on (lower(f.name)) f.name, f.models, encode(f.sha256, 'hex') as sha256, f.bytes, i.family
     from firmware_files f join firmware_images i on i.id = f.image_id where i.open order by lower(f.name), f.id`,
  )
  return rows
}
