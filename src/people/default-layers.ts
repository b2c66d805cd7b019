import type { Queryable } from '../db/pool.ts'
import { readRoles, type Role, STANDARD_ROLE } from '../db/roles.ts'
import type { Tenant } from '../db/tenants.ts'
import type { Layer } from '../import/defaults.ts'
import { compileRules } from '../import/rule-layers.ts'
import type { KnownEntries } from '../import/value-mapping.ts'
import type { PersonField } from '../model/person.ts'
import { isRuleName, type RulesInEffect, type RuleTexts } from '../model/rules.ts'
import type { PeopleDesk } from './desk.ts'

/** What the two roles that every tenant begins with are called in the languages of the headings. */
const ROLE_WORDS: Readonly<Record<string, readonly string[]>> = {
  admin: ['Administrator', 'Administratorin', 'administrateur', 'administratrice', 'administrador', 'administradora'],
  user: ['standard user', 'Benutzer', 'Nutzer', 'utilisateur', 'utilisatrice', 'usuario', 'usuaria'],
}

/** Defaults of fields and rules side by side, as `tenants.defaults`, `locations.defaults` and imports hold them. */
export type DefaultTexts = Readonly<Record<string, string>>

export type StoredLocation = { id: number; name: string; defaults: DefaultTexts }

/** What an import of a tenant goes by before its first row is read. */
export type DefaultLayers = {
  /** The strongest first: set, import, locations, tenant, system. */
  layers: Layer[]
  known: KnownEntries
  locations: StoredLocation[]
  roles: Role[]
  /** By a location's name or id; null or undefined for people of none. */
  rulesAt: (location: string | number | null | undefined) => RulesInEffect
  /** Whether any rule gives new people numbers, so that a row without one is whole. */
  allocatesExtensions: boolean
}

/**
 * Reads the layers of a tenant inside the caller's transaction. `set` holds for all rows, people who exist included;
 * `defaults` complete this import's new people. Both take fields and rules.
 */
export async function readDefaultLayers(
  client: Queryable,
  desk: Pick<PeopleDesk, 'models'>,
  tenant: Pick<Tenant, 'id'>,
  stated: { set?: DefaultTexts | undefined; defaults?: DefaultTexts | undefined } = {},
): Promise<DefaultLayers> {
  const { rows } = await client.query<{ defaults: DefaultTexts }>(
    'select defaults from offhook.tenants where id = $1',
    [tenant.id],
  )
  const locations = await readLocationDefaults(client, tenant.id)
  const roles = await readRoles(client, tenant.id)
  const { rows: groups } = await client.query<{ id: number; name: string }>(
    'select id, name from offhook.groups where tenant_id = $1 order by name',
    [tenant.id],
  )
  const hasStandard = roles.some(({ name }) => name === STANDARD_ROLE)
  const layers: Layer[] = [
    { name: 'set', ...splitDefaults(stated.set ?? {}) },
    { name: 'import', ...splitDefaults(stated.defaults ?? {}) },
    ...locations.map(({ name, defaults }): Layer => ({ name: 'location', location: name, ...splitDefaults(defaults) })),
    { name: 'tenant', ...splitDefaults(rows[0]?.defaults ?? {}) },
    { name: 'system', values: hasStandard ? { role: STANDARD_ROLE } : {} },
  ]
  const nameOf = new Map(locations.map(({ id, name }) => [id, name]))
  const rules = compileRules(layers)
  const rulesAt = (location: string | number | null | undefined) =>
    rules(typeof location === 'number' ? nameOf.get(location) : location)
  return {
    layers,
    known: {
      locations,
      models: listChoosable(desk.models),
      roles: roles.map(({ id, name }) => ({ id, name, also: ROLE_WORDS[name] })),
      groups,
    },
    locations,
    roles,
    rulesAt,
    allocatesExtensions: [null, ...nameOf.values()].some((place) => rulesAt(place).extension_range.length > 0),
  }
}

/** A family's folder begins with the word of its maker. */
export function listChoosable(models: PeopleDesk['models']): { name: string; maker: string }[] {
  return [...models.values()].map(({ model, alias, family }) => ({
    name: alias ?? model,
    maker: family.split('-')[0]!,
  }))
}

/** Tells rules from defaults of fields; what is neither stays with the fields, where it is a problem. */
export function splitDefaults(texts: DefaultTexts): {
  values: Partial<Record<PersonField, string>>
  rules: RuleTexts
} {
  const [rules, values] = [{} as Record<string, string>, {} as Record<string, string>]
  for (const [name, text] of Object.entries(texts)) (isRuleName(name) ? rules : values)[name] = text
  return { values, rules }
}

async function readLocationDefaults(client: Queryable, tenantId: number): Promise<StoredLocation[]> {
  const { rows } = await client.query<StoredLocation>(
    'select id, name, defaults from offhook.locations where tenant_id = $1 order by name',
    [tenantId],
  )
  return rows
}
