import type pg from 'pg'
import { AppError } from '../../model/app-error.ts'
import { quote } from '../../model/quote.ts'
import type { LayerSettings } from '../../phones/layers.ts'
import type { Vault } from '../../secrets/vault.ts'
import type { PlacedSettings } from './settings-place.ts'
import { openStored } from './stored-layer.ts'

type Table = PlacedSettings['table']

/** A row that says something of phones; `name` as commands call it, `slug` of its tenant. */
export type SettingsRow = Pick<PlacedSettings, 'table' | 'id' | 'stored'> & { name: string; slug: string }

export const SETTINGS_TABLES = ['tenants', 'locations', 'profiles', 'devices'] as const satisfies readonly Table[]

/** Its columns for a {@link SettingsRow}, of a row `r` and its tenant `t`. */
export const columnsOf = (table: Table) =>
  `'${table}' as table, r.id, r.settings as stored, t.slug, ${table === 'tenants' ? 't.slug' : 'r.name'} as name
   from offhook.${table} r join offhook.tenants t on t.id = r.${table === 'tenants' ? 'id' : 'tenant_id'}`

/** A layer as it is stored, with its secrets as such; what is wrong and the cure where the key does not open them. */
export function tryOpen(opener: { vault: Vault }, row: SettingsRow): LayerSettings | string {
  try {
    return openStored(opener, row, row)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'key-wrong') throw error
    return describeUnreadable(row, error)
  }
}

/** The settings of all tenants that this key does not open, in sentences. As the owner. */
export async function findUnreadableSettings(pool: pg.Pool, vault: Vault): Promise<string[]> {
  const found: string[] = []
  for (const table of SETTINGS_TABLES) {
    const { rows } = await pool.query<SettingsRow>(
      `select ${columnsOf(table)} where r.settings::text like '%"sealed"%' order by r.id`,
    )
    found.push(...rows.map((row) => tryOpen({ vault }, row)).filter((opened) => typeof opened === 'string'))
  }
  return found
}

const FLAGS = { tenants: '', locations: '--location', profiles: '--profile', devices: '--phone' } as const

/** What a password or key that cannot be opened means for phones, and what to do. */
export function describeUnreadable(
  { table, name, slug }: Pick<SettingsRow, 'table' | 'name' | 'slug'>,
  { message }: AppError,
): string {
  const place = table === 'tenants' ? `the tenant ${slug}` : `${FLAGS[table].slice(2)} ${quote(name)} of ${slug}`
  const flags = `${table === 'tenants' ? '' : `${FLAGS[table]} '${name.replaceAll("'", "'\\''")}' `}--tenant ${slug}`
  return (
    `Settings of ${place}: ${message} It was sealed with another OFFHOOK_KEY, or its row was moved. Phones that it ` +
    'concerns get no file. If there is the key of that time, start with it. Else look what is said there (offhook ' +
    `settings show ${flags}), take it out (offhook settings unset --all ${flags}), and say it anew.`
  )
}
