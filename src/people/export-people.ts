import type { Tenant } from '../db/tenants.ts'
import type { Choosable } from '../import/choices.ts'
import { type KnownName, nameOf } from '../import/value-mapping.ts'
import { openPeopleTable, openPeopleWorkbook } from '../import/write-people.ts'
import { writeTemplate } from '../import/write-template.ts'
import { inTransaction } from '../db/pool.ts'
import type { Mac } from '../model/mac.ts'
import { type Authentication, type Person, PERSON_FIELDS } from '../model/person.ts'
import { readDefaultLayers } from './default-layers.ts'
import type { PeopleDesk } from './desk.ts'
import { type ListedUser, listUsers } from './list-users.ts'

export type FileFormat = 'csv' | 'xlsx'

/** So many are read and written at once: few enough that phones are not held up in between. */
const PAGE_PEOPLE = 200

/**
 * Everybody of a tenant as a file in the shape of the template, bit by bit: imported again it changes nothing. PINs and
 * passwords stay out; of several phones or public numbers of one person the first is in it. Who comes or goes meanwhile
 * may be in it or not.
 * @param excelSafe writes numbers as `="+49…"`, for CSV that Excel opens itself
 */
export async function* exportPeople(
  desk: PeopleDesk,
  tenant: Tenant,
  format: FileFormat,
  { excelSafe = false }: { excelSafe?: boolean } = {},
): AsyncGenerator<Buffer, void, void> {
  const file = format === 'xlsx' ? openPeopleWorkbook() : openPeopleTable(PERSON_FIELDS, { excelSafe })
  let head = file.begin()
  for (let after: number | undefined = 0, count = 0; after !== undefined;) {
    const page: ListedUser[] = await listUsers(desk, tenant, { after, limit: PAGE_PEOPLE })
    const people = page.map((user) => toPerson(user as unknown as ExportedUser, ++count))
    yield Buffer.concat([head, file.add(people)])
    head = Buffer.alloc(0)
    after = page.length < PAGE_PEOPLE ? undefined : page.at(-1)!.id
  }
  yield file.end()
}

/** A file to fill in, with the tenant's own roles, locations and groups. */
export function writeTenantTemplate(
  desk: PeopleDesk,
  tenant: Tenant,
  format: FileFormat,
  language?: string,
): Promise<Buffer> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { known } = await readDefaultLayers(client, desk, tenant)
    const { rows: used } = await client.query<{ model: string }>(
      'select model from devices where mac is not null group by model order by count(*) desc, model',
    )
    // The examples have addresses of this maker, so a tenant without phones sees models of the same.
    const usual = [...desk.models.values()].filter(({ family }) => family === 'yealink').map(({ model }) => model)
    const models = [...new Set([...used.map(({ model }) => model), ...usual, ...names(known.models)])]
    return writeTemplate(format, {
      ...{ roles: names(known.roles), locations: names(known.locations), models },
      ...{ groups: names(known.groups), language },
    })
  })
}

function names(entries: readonly (KnownName | Choosable)[] = []): string[] {
  return entries.map(nameOf)
}

type ExportedUser = Record<(typeof SAME)[number], string | null> & {
  dids: string[]
  devices: { mac: Mac | null; model: string; line: number }[]
  endpoints: { kind: 'desk' | 'web' | 'uri' }[]
  sip_uri: string | null
  pbx_domain: string | null
  pbx_device: string | null
  transcription: boolean | null
  telephony: boolean
  fax: boolean
  suspended: boolean
  authentication: Authentication
  tags: string[]
  groups: string[]
}

/** Fields that a row holds as it came. */
const SAME = [
  ...(['external_id', 'extension', 'first_name', 'last_name', 'email', 'username', 'role', 'location', 'caller_id'] as const), // prettier-ignore
  ...(['voicemail_email', 'pager', 'desk', 'language', 'timezone'] as const),
] as const

/** What somebody has not is left out: an empty cell keeps. */
function toPerson(user: ExportedUser, row: number): Person {
  const [phone] = user.devices.filter(({ mac }) => mac !== null)
  return {
    ...{ row, ...Object.fromEntries(SAME.map((field) => [field, user[field] ?? undefined])) },
    ...{ did: user.dids[0], mac: phone?.mac ?? undefined, model: phone?.model, line: phone?.line },
    ...{ transcription: user.transcription ?? undefined, telephony: user.telephony, fax: user.fax },
    ...{ ...describeSip(user, phone !== undefined), authentication: user.authentication },
    ...{ groups: listed(user.groups), tags: listed(user.tags), suspended: user.suspended },
  }
}

/** The mode that makes these accounts; one beside a phone's is told by the phone. */
function describeSip(
  user: ExportedUser,
  hasPhone: boolean,
): Pick<Person, 'sip_mode' | 'sip_uri' | 'pbx_domain' | 'pbx_device'> {
  const kinds = user.endpoints.map(({ kind }) => kind)
  const [kind = 'desk', ...others] = kinds.filter((each) => each !== 'desk')
  const isTold = others.length === 0 && (kind === 'desk' || hasPhone || !kinds.includes('desk'))
  if (kinds.length === 0 || !isTold) return {}
  if (kind !== 'uri') return { sip_mode: kind === 'web' ? 'webrtc' : 'builtin' }
  const { sip_uri, pbx_domain, pbx_device } = user
  if (pbx_domain !== null && pbx_device !== null) return { sip_mode: 'pbx', pbx_domain, pbx_device }
  return sip_uri === null ? {} : { sip_mode: 'uri', sip_uri }
}

function listed(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names
}
