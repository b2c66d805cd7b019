import { AppError } from '../model/app-error.ts'
import { Secret } from '../model/secret.ts'
import { nameCompanyBook } from './book/company-word.ts'
import { countKeys, type Family, type Model } from './family.ts'
import { LINE_WIDE_NAMES, type Key, type Line, type Settings } from './settings.ts'
import { describeStored } from './stored-settings.ts'
import { readClockRule } from './timezone.ts'

/** A line as templates see it: what it does not say itself is filled in from the device. */
export type ViewedLine = Line & Pick<Settings, (typeof LINE_WIDE_NAMES)[number]>

export type Subject = { settings: Settings; mac: string | null; model: Model }

/**
 * What a template reads as `it`: the settings under their neutral names, secrets in plain text, plus what follows from
 * them (see provisioning/README.md). Reading any other name throws.
 * @param onRead hears the neutral name of every setting that is read
 */
export function createView(family: Family, subject: Subject, onRead?: (name: string) => void): object {
  const { settings, model, mac } = subject
  const lines = settings.lines.filter((line) => line.position <= model.lines).map((line) => fillLine(settings, line))
  const keys = settings.keys.filter((key) => fitsKey(family, model, key))
  const codecs = settings.codecs.filter((codec) => listCodecs(family, model).includes(codec))
  if (codecs.length === 0) throw unsupported(`${model.name} knows none of the codecs ${settings.codecs.join(', ')}`)
  for (const line of lines) {
    if (!allows(model.transports, line.transport)) throw unsupported(`${model.name} has no transport ${line.transport}`)
    if (!allows(model.srtp, line.srtp)) throw unsupported(`${model.name} has no srtp ${line.srtp}`)
  }
  const { name, options } = model
  const view = {
    ...settings,
    ...describeProvisioning(settings.provisioningUrl),
    ...describeStored(settings, settings.provisioningUrl.reveal()),
    vlanId: settings.vlanId ?? null,
    vlanSaid: settings.vlanId !== undefined,
    phonebooks: listBooks(family, settings),
    lines,
    keys,
    codecs,
    mac,
    model: {
      name,
      lines: model.lines,
      keys: model.keys,
      expansion: model.expansion,
      screen: model.screen,
      codecs: listCodecs(family, model),
      options,
    },
    clock: readClockRule(settings.timezone),
    provisioningWindow: readWindow(settings.provisioningWindow),
    raw: listRaw(family, settings.raw),
  }
  const strict = guard(view, '', onRead ?? (() => undefined)) as Record<string, unknown>
  return Object.assign(Object.create(strict) as object, {
    line: (position: number) => pick(lines, strict.lines, position),
    key: (position: number) => pick(keys, strict.keys, position),
    expansionKey: (module: number, position: number) =>
      pick(keys, strict.keys, model.keys + (module - 1) * model.expansion.keys + position),
    code: (map: string, value: string) => sayCode(family, map, value),
    can: (map: string, value: string) => canSay(family, map, value),
    hasRaw: (raw: string) => raw in settings.raw,
    nearest: (choices: readonly number[], value: number) =>
      choices.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best)),
    hostPort: (text: string) => splitPort(text),
    sipQuote: (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`,
  })
}

/** A bootstrap file is the same for everyone: only where to fetch from can be read. */
export function createBootstrapView(provisioningUrl: Secret, onRead?: (name: string) => void): object {
  return guard(describeProvisioning(provisioningUrl), '', onRead ?? (() => undefined)) as object
}

/** Every codec of the phone, wanted or not: some must be switched off by name. */
export function listCodecs(family: Family, model: Model): string[] {
  return [...(family.values.get('codec')?.keys() ?? [])].filter((codec) => allows(model.codecs, codec))
}

function describeProvisioning(provisioningUrl: Secret) {
  const match = /^(https?):\/\/(.+)$/.exec(provisioningUrl.reveal())
  if (!match) throw unsupported('The provisioning address is not one of http or https')
  return { provisioningUrl, provisioningScheme: match[1]!, provisioningPath: match[2]! }
}

/** The window in the pieces that one or another vendor writes. */
function readWindow(window: Settings['provisioningWindow']) {
  if (window === null) return null
  const [start, end] = window.split('-') as [string, string]
  const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  // A window over midnight is as long as what is left of the day and its part of the next.
  return { start, end, lengthMinutes: (minutesOf(end) - minutesOf(start) + 1440) % 1440 }
}

/** `proxy.example.org:5070`, `[2001:db8::1]`: the port is null where none is said. */
function splitPort(text: string) {
  const [, host, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(text)!
  return { host: host!, port: port === undefined ? null : Number(port) }
}

function fillLine(settings: Settings, line: Line): ViewedLine {
  const filled = { ...line } as Record<string, unknown>
  for (const name of LINE_WIDE_NAMES) filled[name] = line[name] ?? settings[name]
  filled.serverPort ??= filled.transport === 'tls' ? 5061 : 5060
  return filled as ViewedLine
}

/** True when the phone has that key and can do what is asked of it; otherwise the key is left out. */
function fitsKey(family: Family, model: Model, key: Key): boolean {
  return key.position <= countKeys(model) && canBe(family, model, key.kind)
}

/** True when a key of the phone can do that. */
export function canBe(family: Family, model: Model, kind: Key['kind']): boolean {
  return allows(model.keyKinds, kind) && canSay(family, 'keyKind', kind)
}

/** The company's own book first, where the phone has to be told of it. */
function listBooks(family: Family, settings: Settings): Settings['phonebooks'] {
  const listed = family.files.map(({ book }) => book?.listed ?? null).find((name) => name !== null)
  if (!settings.companyPhonebook || listed === undefined) return settings.phonebooks
  const url = settings.provisioningUrl.reveal() + listed
  return [{ name: nameCompanyBook(settings.language), url }, ...settings.phonebooks]
}

/** A tenant or location says words of one maker to phones of several: those of another are left out. */
function listRaw(family: Family, raw: Settings['raw']): { name: string; value: string | Secret }[] {
  return Object.entries(raw)
    .filter(([name]) => family.rawName?.test(name))
    .map(([name, value]) => ({ name, value }))
}

/** The guarded twin of the slot at that position. */
function pick(slots: readonly { position: number }[], guarded: unknown, position: number): unknown {
  const index = slots.findIndex((slot) => slot.position === position)
  return index < 0 ? null : (guarded as unknown[])[index]
}

/** A language may be more precise than the map: `de-CH` falls back to `de`. */
function findCode(family: Family, map: string, value: string): string | undefined {
  const codes = family.values.get(map)
  return codes?.get(value) ?? (map === 'language' ? codes?.get(value.split('-')[0]!) : undefined)
}

/** True when the family has a code for that value. */
export function canSay(family: Family, map: string, value: string): boolean {
  return findCode(family, map, value) !== undefined
}

function sayCode(family: Family, map: string, value: string): string {
  const code = findCode(family, map, value)
  if (code === undefined) throw unsupported(`${family.displayName} has no ${map} ${value}`)
  return code
}

/** An empty list in a model means: whatever its family can. */
function allows(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value)
}

function unsupported(message: string): AppError {
  return new AppError('setting-unsupported', message)
}

/** Secrets become text only here, and names that are no settings throw instead of being `undefined`. */
function guard(value: unknown, path: string, onRead: (name: string) => void): unknown {
  if (value instanceof Secret) return value.reveal()
  // White space around a name is noise that half of the formats drop and the other half shows.
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map((item: unknown) => guard(item, path, onRead))
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get: (target, name) => {
      if (typeof name === 'symbol') return Reflect.get(target, name) as unknown
      const inner = path === '' ? name : `${path}.${name}`
      if (!(name in target)) throw new AppError('setting-missing', `it.${inner} is not a setting`)
      onRead(inner)
      return guard((target as Record<string, unknown>)[name], inner, onRead)
    },
  })
}
