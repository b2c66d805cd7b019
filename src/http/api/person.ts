import { z } from 'zod'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { findExtensionUser } from '../../people/find-user-id.ts'
import { ID } from './fields.ts'
import type { ApiSite } from './route.ts'

/** Whose a phone is to be: people know each other by extensions, programs by ids. */
export const PERSON = {
  user: ID.optional().describe('Id of the person; or `extension`'),
  extension: z
    .string()
    .regex(/^\d{2,10}$/)
    .optional()
    .describe('The same person by internal number'),
}

type Named = { user?: number | undefined; extension?: string | undefined }

/**
 * The person of a body; null where it names none.
 * @throws AppError `input-invalid` where it names two, `user-unknown` for an extension that is nobody's
 */
export async function findPerson(site: ApiSite, tenant: Tenant, { user, extension }: Named): Promise<number | null> {
  if (user !== undefined && extension !== undefined)
    throw new AppError('input-invalid', 'Say user or extension, not both.')
  if (extension !== undefined) return findExtensionUser(site.desk, tenant, extension)
  return user ?? null
}

/** As {@link findPerson}. @throws AppError `input-invalid` also where it names none */
export async function requirePerson(site: ApiSite, tenant: Tenant, named: Named): Promise<number> {
  const user = await findPerson(site, tenant, named)
  if (user === null) throw new AppError('input-invalid', 'Say whose it is: extension, or user.')
  return user
}
