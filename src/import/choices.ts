import { Fault } from '../model/fault.ts'
import type { Authentication, SipMode } from '../model/person.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { nearest } from '../model/nearest.ts'

/** Reads a cell that must be one of a list; answers the list's spelling. */
export type ParseChoice = (text: string) => string | Fault

/** A name that may be chosen; the word of its maker may stand before a model. */
export type Choosable = string | { readonly name: string; readonly maker: string }

/** Lists that are longer are not shown from their beginning: that has nothing to do with what was meant. */
const MAX_SHOWN = 10

/** Looking for what was meant costs as much as the list is long; who misspells more has another list in mind. */
const MAX_GUESSES = 100

/**
 * Makes a reader for names that the caller knows (locations, models, roles). Case, accents, blanks and punctuation do
 * not matter as long as only one name is meant. Without a list any short line of text is taken.
 * Faults: `<noun>-unknown`.
 */
export function makeChoice(noun: string, known: readonly Choosable[] | undefined): ParseChoice {
  if (known === undefined) return (text) => parsePlainText(text, { codePoints: 64 })
  const names = known.map((entry) => (typeof entry === 'string' ? entry : entry.name))
  const makers = new Map(known.flatMap((entry) => (typeof entry === 'string' ? [] : [[entry.name, entry.maker]])))
  const exact = new Set(names)
  const byTerm = indexTerms(names)
  const read = new Map<string, string | Fault>()
  let guesses = 0
  function look(text: string): string | Fault {
    const name = exact.has(text) ? text : (byTerm.get(squeeze(text)) ?? findBehindMaker(text, byTerm, makers))
    if (name !== undefined) return name
    guesses += 1
    const meant = guesses > MAX_GUESSES ? null : nearest(squeeze(text), byTerm.keys())
    return refuse(noun, text, { names, makers }, meant === null ? null : byTerm.get(meant)!)
  }
  return (text) => {
    const answer = read.get(text) ?? look(text)
    read.set(text, answer)
    return answer
  }
}

/** Simplified spelling → name, without spellings that two names share. */
function indexTerms(known: readonly string[]): Map<string, string> {
  const names = Map.groupBy(new Set(known), squeeze)
  return new Map(
    [...names].flatMap(([term, [name, ...others]]) => (term !== '' && others.length === 0 ? [[term, name!]] : [])),
  )
}

/** “Yealink SIP-T46U” and “Polycom VVX 450”: what boxes, stickers and exports of other systems put before a model. */
function findBehindMaker(
  text: string,
  byTerm: ReadonlyMap<string, string>,
  makers: ReadonlyMap<string, string>,
): string | undefined {
  if (makers.size === 0) return undefined
  for (const maker of new Set(['', ...makers.values()])) {
    for (const term of cutMaker(text, maker)) {
      const name = byTerm.get(term) ?? byTerm.get(term.replace(/^sip/, ''))
      if (name !== undefined && (maker === '' || makers.get(name) === maker)) return name
    }
  }
  return undefined
}

/** What stands behind the maker, or behind the whole word that begins so; nothing where it does not begin so. */
function cutMaker(text: string, maker: string): string[] {
  const term = squeeze(text)
  if (!term.startsWith(maker)) return []
  const word = maker === '' ? '' : squeeze(/^\s*[\p{L}\p{N}]+/u.exec(text)?.[0] ?? '')
  return [term.slice(maker.length), term.slice(word.length)]
}

const SIP_MODES: Readonly<Record<SipMode, string>> = {
  builtin: 'builtin;builtinpbx;internal;intern;asterisk;default;phone;telefon',
  webrtc: 'webrtc;web;browser;softphone',
  pbx: 'pbx;classicpbx;classic;existingpbx;ipbx;telefonanlage',
  uri: 'uri;customuri;custom;sipuri;external',
}

const AUTHENTICATIONS: Readonly<Record<Authentication, string>> = {
  default: 'default;defaultfromroletenant;standard;inherit',
  disabled: 'disabled;none;off;no;nein;aus;deaktiviert;sans;desactivado;passwordonly',
  email: 'email;mail;emailwithonetimecode;courriel;correo',
  app: 'app;totp;google2faapp;google2faappwithonetimecode;authenticator;2faapp;authenticatorapp',
}

export const parseSipMode = makeWords('sip-mode', SIP_MODES)
export const parseAuthentication = makeWords('authentication', AUTHENTICATIONS)

function makeWords<T extends string>(noun: string, words: Readonly<Record<T, string>>): (text: string) => T | Fault {
  const byTerm = new Map(
    (Object.entries(words) as [T, string][]).flatMap(([value, terms]) => terms.split(';').map((term) => [term, value])),
  )
  const suggestion = `One of ${Object.keys(words).join(', ')}`
  return (text) => {
    const word = byTerm.get(squeeze(text))
    if (word !== undefined) return word
    const meant = nearest(squeeze(text), byTerm.keys())
    const repair = meant === null ? undefined : byTerm.get(meant)
    return new Fault(`${noun}-unknown`, `${quote(text)} is none of the choices`, repair ?? suggestion, repair)
  }
}

function refuse(
  noun: string,
  text: string,
  { names, makers }: { names: readonly string[]; makers: ReadonlyMap<string, string> },
  meant: string | null,
): Fault {
  const choices = names.length === 0 ? `There is no ${noun} yet` : `One of ${showChoices(text, names, makers)}`
  return new Fault(`${noun}-unknown`, `There is no ${noun} ${quote(text)}`, meant ?? choices, meant ?? undefined)
}

function showChoices(text: string, names: readonly string[], makers: ReadonlyMap<string, string>): string {
  if (makers.size === 0 || names.length <= MAX_SHOWN) {
    return `${names.slice(0, MAX_SHOWN).join(', ')}${names.length > MAX_SHOWN ? ', …' : ''}`
  }
  const words = new Set(['', ...makers.values()].flatMap((maker) => cutMaker(text, maker)))
  const starts = [...words].flatMap((word) => /^\p{L}{2,}/u.exec(word)?.[0] ?? [])
  const alike = names.filter((name) => {
    const term = squeeze(name)
    return (
      starts.some((start) => term.startsWith(start)) ||
      [...words].some((word) => /\d{3}/.test(word) && term.includes(word))
    )
  })
  return alike.length === 0
    ? `those that ${quote('offhook template')} lists`
    : `${alike.slice(0, MAX_SHOWN).join(', ')}${alike.length > MAX_SHOWN ? ', …' : ''}`
}

function squeeze(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
