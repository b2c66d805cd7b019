import type { Tenant } from '../../src/db/tenants.ts'
import type { PeopleDesk } from '../../src/people/desk.ts'
import type { ImportOutcome } from '../../src/people/import-outcome.ts'
import { applyImport } from '../../src/people/import-people.ts'
import type { ImportOptions } from '../../src/people/open-import.ts'

/** Applies a list as the command line would. */
export function importCsv(
  desk: PeopleDesk,
  tenant: Tenant,
  text: string,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  const input = { kind: 'file', bytes: Buffer.from(text) } as const
  return applyImport(desk, { tenant, source: 'people.csv', actor: 'test', input, options })
}
