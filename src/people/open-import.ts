import type pg from 'pg'
import type { Tenant } from '../db/tenants.ts'
import type { Overrides } from '../import/overrides.ts'
import { type People, peopleFromTable } from '../import/people-from-table.ts'
import { readSource, type Source } from '../import/read-source.ts'
import type { RowEdits } from '../import/row-edit.ts'
import type { ReadTable } from '../import/table.ts'
import type { ValueMap } from '../import/value-mapping.ts'
import { compareMakers } from './compare-makers.ts'
import { type DefaultLayers, type DefaultTexts, readDefaultLayers } from './default-layers.ts'
import type { PeopleDesk } from './desk.ts'
import { type KnownPeople, readKnownPeople } from './known-people.ts'
import { readZones } from './read-zones.ts'
import { mergeValues, readLearned } from './remember-choices.ts'

/** How a source is to be read and what may happen to the people it does or does not name. */
export type ImportOptions = {
  /** Field to column name, or to several of them; under `-` columns that are left out. */
  map?: Overrides
  /** Per field what a text means, for all rows: “Vertrieb” is the role Sales. */
  values?: ValueMap | undefined
  /** Fields and rules that hold for all rows, people who exist included. */
  set?: DefaultTexts
  /** Fields and rules that complete new people. */
  defaults?: DefaultTexts | undefined
  /** Row to the id of the user whom it means, for rows that say so beside their cells. */
  userIds?: Readonly<Record<string, number>> | undefined
  encoding?: string | undefined
  delimiter?: string | undefined
  sheet?: string | undefined
  /** Line of the file that holds the column names, from 1, if it is detected wrongly. */
  headerRow?: number | undefined
  update?: boolean
  prune?: boolean
  adopt?: boolean
  onlyValid?: boolean
  /** New passwords for people who exist: their credentials can be taken. */
  reissue?: boolean
  /** Applied without anybody having looked at its plan. */
  unseen?: boolean
  /** An address that is told when it is done. */
  notify?: string | undefined
}

export type ImportInput = {
  tenant: Tenant
  actor: string
  input: Source
  options: ImportOptions
  edits?: RowEdits | undefined
}

/** What a source says, and who is there already. */
export type OpenedImport = {
  table: ReadTable
  read: People
  known: KnownPeople
  layers: DefaultLayers
  edits: RowEdits | undefined
}

/** Reads the source against the people of the tenant, inside the caller's transaction. */
export async function openImport(
  client: pg.ClientBase,
  desk: PeopleDesk,
  { tenant, actor, input, options, edits }: ImportInput,
): Promise<OpenedImport> {
  const known = await readKnownPeople(client, tenant)
  const layers = await readDefaultLayers(client, desk, tenant, options)
  const learned = await readLearned(client, tenant.id, actor)
  const table = await readSource(input, options)
  const read = peopleFromTable(
    table,
    {
      overrides: options.map,
      learned: learned.columns,
      values: mergeValues(options.values, learned.values),
      isKnown: known.has,
      deviceCount: known.countPhones,
      makersApart: compareMakers(desk.models),
      hasZone: await readZones(client, tenant.id),
      known: layers.known,
      defaults: layers.layers,
      allocateExtensions: layers.allocatesExtensions,
      userIds: options.userIds,
      edits,
    },
    table.problems,
  )
  return { table, read, known, layers, edits }
}
