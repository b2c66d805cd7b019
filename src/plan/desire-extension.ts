import { formatRanges } from '../model/number-range.ts'
import type { Person } from '../model/person.ts'
import type { RulesInEffect } from '../model/rules.ts'
import { choose, type Complain } from './desire.ts'
import { findFreeNumber, isReserved } from './number-register.ts'
import type { PersonRows } from './person-rows.ts'
import type { Row, Value } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** The number of the cell, the one that the person has, or the next free one of the ranges. */
export function chooseNumber(
  person: Person,
  current: PersonRows | null,
  rules: RulesInEffect,
  run: PlanRun,
  complain: Complain,
): Value {
  const there = current?.extension?.['number']
  if (typeof person.extension === 'string' && person.extension !== there)
    refuseReserved(person.extension, rules, complain)
  if (person.extension !== undefined || there !== undefined) return choose(person.extension, there)
  if (rules.extension_range.length === 0 || !needsNumber(person, current?.user ?? null)) return null
  const number = findFreeNumber(rules, run.numbers)
  if (number === null) {
    const message = `no extension is free in ${formatRanges(rules.extension_range)}`
    const suggestion = `Widen extension_range (of the ${rules.origins.extension_range}), or fill in an extension.`
    complain('extension', 'range-exhausted', message, suggestion)
  }
  return number
}

/** Somebody new with telephony; somebody who is there when telephony is turned on or something needs the number. */
function needsNumber(person: Person, user: Row | null): boolean {
  if (person.mac || person.did) return true
  return user ? user['telephony'] === false && person.telephony === true : person.telephony !== false
}

function refuseReserved(number: string, rules: RulesInEffect, complain: Complain): void {
  if (!isReserved(number, rules)) return
  complain('extension', 'extension-reserved', `${number} is reserved`, 'Choose another number.')
}

/** The extension's row. Its call script comes from the rules once, or anew when the import itself states one. */
export function desireExtension(
  person: Person,
  current: PersonRows | null,
  number: Value,
  user: Row,
  label: string,
  rules: RulesInEffect,
  run: PlanRun,
): Row | null {
  if (number === null) return null
  const there = current?.extension
  const script = (name: 'ring_seconds' | 'no_answer') =>
    there && rules.origins[name] !== 'set' ? there[name]! : rules[name]
  return {
    id: there?.['id'] ?? run.supply.nextId(),
    tenant_id: run.tenant.id,
    user_id: user['id']!,
    number,
    label,
    caller_id: chooseCallerId(person, current, rules),
    ring_seconds: script('ring_seconds'),
    no_answer: script('no_answer'),
  }
}

/** With the rule, a caller id that is not set or was the old public number goes along with a new one. */
function chooseCallerId(person: Person, current: PersonRows | null, rules: RulesInEffect): Value {
  const callerId = choose(person.caller_id, current?.extension?.['caller_id'])
  const { did } = person
  if (!rules.caller_id_is_did || person.caller_id !== undefined || did === undefined) return callerId
  const old: Value[] = (current?.dids ?? []).map((row) => row['number']!)
  if (did === null) return old.includes(callerId) ? null : callerId
  if (old.includes(did)) return callerId
  return callerId === null || old.includes(callerId) ? did : callerId
}
