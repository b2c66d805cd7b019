import type { Person } from '../model/person.ts'
import type { RulesInEffect } from '../model/rules.ts'
import { choose, type Complain } from './desire.ts'
import type { Row, Value } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/** The user's own row. `number` is the extension that they have or get. */
export function desireUser(
  person: Person,
  current: Row | null,
  number: Value,
  rules: RulesInEffect,
  run: PlanRun,
  complain: Complain,
): Row {
  const id = current?.['id'] ?? run.supply.nextId()
  const chosen = chooseUsername(person, current, number, rules, run, complain)
  const holder = run.usernames.get(chosen)
  const taken = typeof holder === 'number' && holder !== id
  // Somebody who moved to another number keeps the name that was made of the old one.
  const isMade = !current && !person.username && typeof number === 'string' && chosen.endsWith(number)
  const username = taken && isMade ? `${chosen}-${String(id)}` : chosen
  if (taken && !isMade) {
    const message = `the user name ${username} belongs to somebody else`
    complain('username', 'username-taken', message, 'Choose another, in the column username.')
  }
  const location = typeof person.location === 'string' ? run.snapshot.locations.get(person.location) : person.location
  if (typeof person.location === 'string' && location === undefined)
    complain('location', 'location-unknown', `there is no location ${person.location}`, 'See: offhook location list')
  return {
    id,
    tenant_id: run.tenant.id,
    external_id: choose(person.external_id, current?.['external_id']),
    username,
    first_name: choose(person.first_name, current?.['first_name']),
    last_name: choose(person.last_name, current?.['last_name']),
    email: choose(person.email, current?.['email']),
    role: choose(person.role, current?.['role']),
    location_id: choose(location, current?.['location_id']),
    desk: choose(person.desk, current?.['desk']),
    language: choose(person.language, current?.['language']),
    timezone: choose(person.timezone, current?.['timezone']),
    authentication: choose(person.authentication, current?.['authentication'], 'default'),
    telephony: choose(person.telephony, current?.['telephony'], true),
    fax: choose(person.fax, current?.['fax'], false),
    suspended: choose(person.suspended, current?.['suspended'], false),
    tags: choose(person.tags && JSON.stringify(person.tags), current?.['tags'], '[]'),
    password: choosePassword(person, current, rules, run),
  }
}

/** A cell wins; who exists keeps theirs; else the rule says what a user name is made of. */
function chooseUsername(
  person: Person,
  current: Row | null,
  number: Value,
  rules: RulesInEffect,
  run: PlanRun,
  complain: Complain,
): string {
  const prefix = rules.username_prefix ? `${run.tenant.slug}-` : ''
  const withPrefix = (name: string) => (name.startsWith(prefix) ? name : prefix + name)
  if (person.username) return withPrefix(person.username)
  if (current) return String(current['username'])
  if (rules.username_rule === 'column') {
    const suggestion = 'Fill in the column username, or set username_rule to email or extension.'
    complain('username', 'username-missing', 'user names come from their column, and it is empty', suggestion)
    return ''
  }
  const [first, second] = rules.username_rule === 'extension' ? [number, person.email] : [person.email, number]
  const name = first ?? second ?? person.external_id
  if (typeof name === 'string') return withPrefix(name)
  complain('username', 'key-missing', 'no user name, e-mail, extension or external id', 'Give at least one of them.')
  return ''
}

/** The password of a list is somebody's first: it is no difference to who has chosen another one since. */
function choosePassword(person: Person, current: Row | null, rules: RulesInEffect, run: PlanRun): Value {
  if (current && hasChosen(current) && !run.reissue) return current['password']!
  if (current || person.password !== undefined || rules.password_rule !== 'temporary')
    return choose(person.password, current?.['password'])
  return run.supply.password(rules.password_length, rules.password_digits_only)
}

function hasChosen({ password, password_hash, password_must_change }: Row): boolean {
  return password === null && password_hash !== null && password_must_change === false
}
