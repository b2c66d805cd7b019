import { respellDomain } from '../model/email-domain.ts'
import type { Mac } from '../model/mac.ts'
import type { Person } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import type { CheckOptions } from './check.ts'
import type { CompiledDefaults } from './defaults.ts'

export type WarningOptions = {
  /** False: nobody makes files for phones at this tenant. Absent: what the rules of the person's place say. */
  provisioning?: boolean | undefined
  /** How many phones somebody has already, the one of this row not counted. */
  deviceCount?: ((person: Person) => number) | undefined
  /** More phones than this on one person are worth a warning; absent: what the rules say, else 2. */
  deviceLimit?: number | undefined
  /** Whether phones at a location are told a time zone there, or by their tenant. Absent: they are. */
  hasZone?: ((location: string | null | undefined) => boolean) | undefined
  /** Whose address a phone has and whose its model is, where those are known to be two makers. */
  makersApart?: ((mac: Mac, model: string) => { address: string; model: string } | null) | undefined
}

const DEVICE_LIMIT = 2
const MANY_ROWS = 500

/**
 * What is allowed and yet worth a look before it is applied; it never blocks anybody. Codes: `runs-in-background`,
 * `password-digits-only`, `provisioning-off`, `device-limit`, `mac-of-other-maker`, `timezone-unsaid`,
 * `email-misspelt`, `transcription-unused`, `authentication-unused`.
 */
export function findWarnings(
  people: readonly Person[],
  defaults: CompiledDefaults,
  options: WarningOptions & Pick<CheckOptions, 'isKnown'>,
): Problem[] {
  const respell = rememberDomains()
  return [
    ...warnOfSize(people.length),
    ...warnOfPasswordRule(defaults),
    ...warnOfUnused(people),
    ...warnOfZone(people, defaults, options),
    ...people.flatMap((person) => [
      ...respell(person),
      ...warnOfPhone(person, defaults, options),
      ...warnOfPassword(person),
    ]),
  ]
}

function warnOfSize(rows: number): Problem[] {
  if (rows <= MANY_ROWS) return []
  const message = `${rows} rows take a while and are applied in the background`
  const suggestion = 'Nothing to do: this page may be closed meanwhile'
  return [{ row: 0, field: '', code: 'runs-in-background', message, suggestion }]
}

function warnOfPasswordRule(defaults: CompiledDefaults): Problem[] {
  const { password_rule: rule, password_digits_only: digitsOnly } = defaults.at(undefined).rules
  if (rule !== 'temporary' || !digitsOnly) return []
  const message = 'Temporary passwords are made of digits only, which are soon guessed'
  const suggestion = 'Letters and digits, or invitations by mail'
  return [{ row: 0, field: 'password', code: 'password-digits-only', message, suggestion }]
}

/** What is kept for a day on which something uses it is no promise. */
function warnOfUnused(people: readonly Person[]): Problem[] {
  const problems: Problem[] = []
  const suggestion = 'Nothing to do'
  if (people.some(({ transcription }) => transcription === true)) {
    const message = 'That voicemail shall be text, too, is kept, but nothing makes text of it yet'
    problems.push({ row: 0, field: 'transcription', code: 'transcription-unused', message, suggestion })
  }
  if (people.some(({ authentication }) => authentication === 'email' || authentication === 'app')) {
    const message = 'The second factor is kept, but no log-in asks for it yet'
    problems.push({ row: 0, field: 'authentication', code: 'authentication-unused', message, suggestion })
  }
  return problems
}

/** People who exist keep the zone that they have. */
function warnOfZone(
  people: readonly Person[],
  defaults: CompiledDefaults,
  { hasZone, isKnown, provisioning }: Parameters<typeof findWarnings>[2],
): Problem[] {
  if (!hasZone) return []
  const { length: phones } = people.filter(
    (person) =>
      typeof person.mac === 'string' &&
      !person.timezone &&
      !hasZone(person.location) &&
      (provisioning ?? defaults.at(person.location).rules.provisioning) &&
      !isKnown?.(person),
  )
  if (phones === 0) return []
  const message = `Nobody says the time zone of ${phones === 1 ? 'a phone' : `${phones} phones`}: UTC is shown there`
  const suggestion =
    'Set timezone, such as Europe/Berlin, in the settings of the tenant or its location, or fill in the column'
  return [{ row: 0, field: 'timezone', code: 'timezone-unsaid', message, suggestion }]
}

function warnOfPassword({ row, password }: Person): Problem[] {
  if (!password || !/^\d+$/.test(password.reveal())) return []
  const message = 'The password is made of digits only, which are soon guessed'
  return [{ row, field: 'password', code: 'password-digits-only', message, suggestion: 'Letters and digits' }]
}

function warnOfPhone(person: Person, defaults: CompiledDefaults, options: WarningOptions): Problem[] {
  const { row, mac } = person
  if (typeof mac !== 'string') return []
  const { rules } = defaults.at(person.location)
  const problems: Problem[] = []
  if (!(options.provisioning ?? rules.provisioning)) {
    const message = `Provisioning is off: the phone ${mac} is left out`
    problems.push({ row, field: 'mac', code: 'provisioning-off', message, suggestion: 'Turn provisioning on' })
  }
  const limit = options.deviceLimit ?? rules.device_limit ?? DEVICE_LIMIT
  const count = 1 + (options.deviceCount?.(person) ?? 0)
  if (count > limit) {
    const message = `The person would have ${count} phones; ${limit} are usual here`
    problems.push({ row, field: 'mac', code: 'device-limit', message, suggestion: 'Look whether the row is theirs' })
  }
  const apart = typeof person.model === 'string' ? options.makersApart?.(mac, person.model) : null
  if (apart) {
    const message = `${mac} is an address of ${apart.address}, and ${person.model} a model of ${apart.model}`
    const suggestion = 'Correct mac or model by the label of the phone: it asks for files of its own maker alone'
    problems.push({ row, field: 'mac', code: 'mac-of-other-maker', message, suggestion })
  }
  return problems
}

/** A file has few mail domains, so each is looked at once. */
function rememberDomains(): (person: Person) => Problem[] {
  const seen = new Map<string, string | null>()
  return ({ row, email }) => {
    if (typeof email !== 'string') return []
    const at = email.lastIndexOf('@') + 1
    const domain = email.slice(at)
    const meant = seen.has(domain) ? seen.get(domain)! : respellDomain(domain)
    seen.set(domain, meant)
    if (meant === null) return []
    const repair = email.slice(0, at) + meant
    const message = `The mail domain ${domain} looks like a typing error of ${meant}`
    return [{ row, field: 'email', code: 'email-misspelt', message, suggestion: repair, found: email, repair }]
  }
}
