import { writeAudit } from '../db/audit.ts'
import {
  deleteImage,
  ensureImage,
  findImage,
  type FirmwareImage,
  type ImageKey,
  listImages,
  putFirmwareFile,
} from '../db/firmware.ts'
import { inTransaction, type Queryable } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { quote } from '../model/quote.ts'
import { baseName, readFileName } from './file-name.ts'
import { readFamilyName, readModelName, spellModel } from '../phones/find-model.ts'
import { expectNoOwnFile, FILE_LIMITS, type Shelf, takeIn, type Upload } from './shelf.ts'

export type { FirmwareImage } from '../db/firmware.ts'

export type FirmwareUpload = Upload & {
  family: string
  /** As phones say it in their User-Agent. */
  version: string
  /** Which models the file is for; none: every model of the family. */
  models: readonly string[]
  /** Whether anybody gets the image's files by their bare name. */
  open: boolean
}

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,59}$/

/**
 * Takes in a file of an image; the image is there from its first file on. The same file again changes nothing.
 * @throws AppError `input-invalid`, `already-there` when the version has another file of that name, and as `takeIn`
 */
export async function addFirmware(
  shelf: Shelf,
  tenant: Tenant,
  upload: FirmwareUpload,
  actor: string,
): Promise<FirmwareImage> {
  const family = readFamilyName(shelf.families, upload.family)
  const version = readVersion(upload.version)
  const models = upload.models.map((text) => readModelName(family, text).name.toLowerCase()).toSorted()
  const name = readFileName(baseName(upload.name))
  if (!family.firmwareName)
    throw new AppError('input-invalid', `${family.displayName} phones fetch no firmware from a server that is known.`)
  if (!family.firmwareName.test(name))
    throw new AppError(
      'input-invalid',
      `${quote(name)} is no firmware of ${family.displayName}: its phones ask for names such as ${family.firmwareExamples.join(', ')}.`,
    )
  expectNoOwnFile(family, name)
  const wanted = { family: family.name, version, open: upload.open }
  return takeIn(
    shelf,
    tenant,
    { ...upload, limitBytes: FILE_LIMITS.firmware },
    () => undefined,
    async (client, { sha256, bytes }) => {
      const id = await ensureImage(client, tenant.id, wanted)
      if (!(await putFirmwareFile(client, tenant.id, id, { name, models, sha256, bytes })))
        throw new AppError(
          'already-there',
          `${family.name} ${version} has another file ${name}. Remove the version first, or give it another one.`,
        )
      const detail = { version, file: name, sha256, bytes, models }
      await writeAudit(client, { tenantId: tenant.id, actor, action: 'firmware-add', object: family.name, detail })
      return spell(shelf.families, await expectImage(client, tenant, wanted))
    },
  )
}

/** All images, by family and the newest first. */
export async function listFirmware(
  { pool, families }: Pick<Shelf, 'pool' | 'families'>,
  tenant: Tenant,
): Promise<FirmwareImage[]> {
  const images = await inTransaction(pool, tenant.id, (client) => listImages(client, tenant.id))
  return images.map((image) => spell(families, image))
}

function spell(families: Shelf['families'], image: FirmwareImage): FirmwareImage {
  const files = image.files.map((file) => ({
    ...file,
    models: file.models.map((model) => spellModel(families, image.family, model)),
  }))
  return { ...image, files }
}

/**
 * Removes an image that no rollout, pin or phone needs. Its files go with the next cleaning.
 * @throws AppError `firmware-unknown`, `in-use`
 */
export function removeFirmware(
  { pool }: Pick<Shelf, 'pool'>,
  tenant: Tenant,
  which: ImageKey,
  actor: string,
): Promise<void> {
  return inTransaction(pool, tenant.id, async (client) => {
    const image = await expectImage(client, tenant, which)
    const name = `${image.family} ${image.version}`
    if (image.rollouts > 0)
      throw new AppError('in-use', `${name} is being rolled out. Remove the rollout first: offhook firmware rollout`)
    if (image.phones > 0)
      throw new AppError('in-use', `${name} is what ${image.phones} phones are to have. Unpin them first.`)
    await deleteImage(client, image.id)
    const detail = { version: image.version }
    await writeAudit(client, { tenantId: tenant.id, actor, action: 'firmware-remove', object: image.family, detail })
  })
}

/** @throws AppError `firmware-unknown` naming what there is */
export async function expectImage(client: Queryable, tenant: Tenant, key: ImageKey): Promise<FirmwareImage> {
  const asked = 'id' in key ? key : { family: key.family.trim().toLowerCase(), version: key.version.trim() }
  const image = await findImage(client, tenant.id, asked)
  if (image) return image
  if ('id' in asked)
    throw new AppError('firmware-unknown', `${tenant.slug} has no firmware with the number ${asked.id}.`)
  const there = (await listImages(client, tenant.id)).filter((one) => one.family === asked.family)
  const cure = there.length > 0 ? `There is ${there.map((one) => one.version).join(', ')}.` : 'There is none.'
  const words = `${quote(asked.version)} of ${quote(asked.family)}`
  throw new AppError('firmware-unknown', `${tenant.slug} has no firmware ${words}. ${cure}`)
}

function readVersion(text: string): string {
  const version = text.trim()
  if (VERSION.test(version)) return version
  throw new AppError(
    'input-invalid',
    `${quote(text)} is not a version such as 96.86.0.45: letters, digits, dot, plus, hyphen and underscore, at most 60.`,
  )
}
