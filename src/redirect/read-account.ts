import { AppError } from '../model/app-error.ts'
import { isLoopback } from '../model/host.ts'
import { nearest } from '../model/nearest.ts'
import { quote } from '../model/quote.ts'
import { Secret } from '../model/secret.ts'
import { type Cloud, CLOUD_NAMES, cloudOf, type CloudName, isCloudName } from './clouds.ts'

export type Login = Record<string, Secret>
export type AccountOptions = Record<string, string>

const LONGEST_SECRET = 500

/** @throws AppError `input-invalid` naming the services */
export function readCloudName(text: string): CloudName {
  if (isCloudName(text)) return text
  throw new AppError('input-invalid', `${quote(text)} is no redirect service. There are: ${CLOUD_NAMES.join(', ')}.`)
}

/** Every secret of an account and nothing else. @throws AppError `input-invalid` naming what is missing, never a value */
export function readLogin(name: CloudName, given: Readonly<Record<string, string>>): Login {
  const { login, title } = cloudOf(name)
  expectNames('secret', title, Object.keys(given), login)
  return Object.fromEntries(
    login.map((field) => {
      const value = (given[field] ?? '').trim()
      if (value === '') throw new AppError('input-invalid', `An account at ${title} needs ${field}.`)
      if (value.length > LONGEST_SECRET || /[\p{Cc}\p{Cs}]/u.test(value))
        throw new AppError('input-invalid', `${field} is one line of up to ${LONGEST_SECRET} characters.`)
      return [field, new Secret(value)]
    }),
  )
}

/**
 * The options of an account with what is said of them; those that are empty are left to their default.
 * `region` chooses among a maker's addresses, `url` stands in for them.
 * @throws AppError `input-invalid`
 */
export function readOptions(name: CloudName, given: Readonly<Record<string, string>>): AccountOptions {
  const cloud = cloudOf(name)
  const regions = Object.keys(cloud.urls)
  const known = [...Object.keys(cloud.options), 'url', ...(regions.length > 1 ? ['region'] : [])]
  expectNames('option', cloud.title, Object.keys(given), known)
  const options = new Map(
    Object.entries(given).flatMap(([option, value]) => (value.trim() === '' ? [] : [[option, value.trim()] as const])),
  )
  for (const [option, { form, example, required, fallback }] of Object.entries(cloud.options)) {
    const value = options.get(option) ?? fallback
    if (value === undefined && required === true)
      throw new AppError('input-invalid', `An account at ${cloud.title} needs ${option}, such as ${option}=${example}.`)
    if (value === undefined) continue
    if (!form.test(value))
      throw new AppError('input-invalid', `${option} is not ${quote(value)} but such as ${example}.`)
    options.set(option, value)
  }
  const [url, region] = [options.get('url'), options.get('region')]
  if (url !== undefined) options.set('url', readUrl(url))
  const isPlaced = region === undefined ? url !== undefined || regions.length === 1 : regions.includes(region)
  if (!isPlaced) throw new AppError('input-invalid', `Say where the account is: region=${regions.join(' or region=')}.`)
  return Object.fromEntries(options)
}

/** Where an account's calls go, without a closing slash. */
export function urlOf(name: CloudName, options: AccountOptions): string {
  const { urls }: Cloud = cloudOf(name)
  return options['url'] ?? urls[options['region'] ?? Object.keys(urls)[0]!]!
}

/** Passwords leave this machine, so encrypted, unless they stay on it: a proxy of its own. */
function readUrl(text: string): string {
  const url = URL.parse(text)
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !safe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new AppError('input-invalid', 'url is an https:// address without user, password, query or fragment.')
  return url.href.replace(/\/+$/, '')
}

function expectNames(what: string, title: string, given: readonly string[], known: readonly string[]): void {
  for (const name of given) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    const cure = meant ? `Did you mean ${meant}?` : `There are: ${known.join(', ') || 'none'}.`
    throw new AppError('input-invalid', `An account at ${title} has no ${what} ${quote(name)}. ${cure}`)
  }
}
