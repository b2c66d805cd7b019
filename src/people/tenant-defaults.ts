import { writeAudit } from '../db/audit.ts'
import { inTransaction } from '../db/pool.ts'
import type { Tenant } from '../db/tenants.ts'
import { AppError } from '../model/app-error.ts'
import { type LayerName, RULE_NAMES, ruleToText } from '../model/rules.ts'
import { changeDefaults, type DefaultChanges } from './check-defaults.ts'
import { type DefaultTexts, readDefaultLayers } from './default-layers.ts'
import { asOnlyWriter, type PeopleDesk } from './desk.ts'

/** A rule or the default of a field, as text, and the layer that it comes from. */
export type EffectiveDefault = { name: string; value: string; from: LayerName }

/** What the tenant itself says, and what is in effect for people of no location or of the one named. @throws AppError `location-unknown` */
export function describeTenantDefaults(
  desk: PeopleDesk,
  tenant: Tenant,
  location: string | null = null,
): Promise<{ defaults: DefaultTexts; effective: EffectiveDefault[] }> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const { layers, rulesAt, locations } = await readDefaultLayers(client, desk, tenant)
    if (location !== null && !locations.some(({ name }) => name === location))
      throw new AppError('location-unknown', `There is no location ${location}. See: offhook location list`)
    const rules = rulesAt(location)
    const applying = layers.filter((layer) => layer.location === undefined || layer.location === location)
    const fields = new Map<string, EffectiveDefault>()
    for (const { name: from, values } of applying.toReversed())
      for (const [name, value] of Object.entries(values ?? {})) fields.set(name, { name, value, from })
    const own = layers.find(({ name }) => name === 'tenant')
    return {
      defaults: { ...own?.values, ...own?.rules },
      effective: [
        ...fields.values(),
        ...RULE_NAMES.map((name) => ({ name, value: ruleToText(rules[name]), from: rules.origins[name] })),
      ],
    }
  })
}

/**
 * Changes defaults of fields and rules of a tenant. People who exist stay as they are. @returns all of them
 * @throws AppError `input-invalid`
 */
export function setTenantDefaults(
  desk: PeopleDesk,
  tenant: Tenant,
  changes: DefaultChanges,
  actor: string,
): Promise<DefaultTexts> {
  return asOnlyWriter(desk, tenant, async (client) => {
    const { layers, known } = await readDefaultLayers(client, desk, tenant)
    const own = layers.find(({ name }) => name === 'tenant')
    const changed = changeDefaults({ name: 'tenant' }, { ...own?.values, ...own?.rules }, changes, known)
    await client.query('update tenants set defaults = $2 where id = $1', [tenant.id, JSON.stringify(changed)])
    await writeAudit(client, {
      ...{ tenantId: tenant.id, actor, action: 'tenant-set', object: tenant.slug },
      detail: { changes },
    })
    return changed
  })
}
