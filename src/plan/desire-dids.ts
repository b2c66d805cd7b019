import type { Person } from '../model/person.ts'
import type { RulesInEffect } from '../model/rules.ts'
import type { Complain } from './desire.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

const ELSEWHERE = 'Another number, or leave it empty: only who runs the whole system can free it.'

/**
 * One public number a row: it replaces the only one somebody has, and joins several. Where numbers are not made by
 * imports, none that a person gives up is lost: it stays with the tenant and rings nobody.
 */
export function desireDids(
  person: Person,
  current: Row[],
  extension: Row | null,
  rules: RulesInEffect,
  run: PlanRun,
  complain: Complain,
): Row[] {
  const number = person.did
  // Without an extension a number that was assigned waits for the next one.
  if (number === undefined) return extension ? current : release(current)
  if (number === null) return rules.create_dids ? [] : release(current)
  if (!extension) {
    complain('did', 'extension-missing', 'a public number needs an extension to ring', 'Fill in the extension.')
    return current
  }
  if (run.snapshot.takenDids.has(number)) complain('did', 'did-taken', `${number} is in use on this system`, ELSEWHERE)
  if (current.some((did) => did['number'] === number)) return current
  const known = run.dids.get(number)
  if (known && known['extension_id'] !== null) {
    const cure = `Another number, or leave it empty; offhook did release ${number} frees it, did list says whom it rings.`
    complain('did', 'did-taken', `${number} already rings another extension`, cure)
  }
  if (!known && !rules.create_dids)
    complain('did', 'did-unknown', `the tenant has no number ${number}`, `Add it: offhook did add ${number}`)
  const replaced = current.length === 1 && !known ? current[0] : undefined
  const did: Row = {
    id: known?.['id'] ?? replaced?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    number,
    extension_id: extension['id']!,
  }
  if (current.length !== 1) return [...current, did]
  return rules.create_dids ? [did] : [did, ...release(current)]
}

function release(dids: Row[]): Row[] {
  return dids.map((did) => ({ ...did, extension_id: null }))
}
