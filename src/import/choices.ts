import { Fault } from '../model/fault.ts'
import type { Authentication, SipMode } from '../model/person.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { nearest } from '../model/nearest.ts'

/** Reads a cell that must be one of a list; answers the list's spelling. */
export type ParseChoice = (text: string) => string | Fault

/** Looking for what was meant costs as much as the list is long; who misspells more has another list in mind. */
const MAX_GUESSES = 100

/**
 * Makes a reader for names that the caller knows (locations, models, roles). Case, accents, blanks and punctuation do
 * not matter as long as only one name is meant. Without a list any short line of text is taken.
 * Faults: `<noun>-unknown`.
 */
export function makeChoice(noun: string, known: readonly string[] | undefined): ParseChoice {
  if (known === undefined) return (text) => parsePlainText(text, { codePoints: 64 })
  const names = known
  const exact = new Set(names)
  const byTerm = indexTerms(names)
  const read = new Map<string, string | Fault>()
  let guesses = 0
  function look(text: string): string | Fault {
    const name = exact.has(text) ? text : byTerm.get(squeeze(text))
    if (name !== undefined) return name
    guesses += 1
    const meant = guesses > MAX_GUESSES ? null : nearest(squeeze(text), byTerm.keys())
    return refuse(noun, text, names, meant === null ? null : byTerm.get(meant)!)
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

function refuse(noun: string, text: string, known: readonly string[], meant: string | null): Fault {
  const some = known.slice(0, 10).join(', ')
  const choices = known.length === 0 ? `There is no ${noun} yet` : `One of ${some}${known.length > 10 ? ', …' : ''}`
  return new Fault(`${noun}-unknown`, `There is no ${noun} ${quote(text)}`, meant ?? choices, meant ?? undefined)
}

function squeeze(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
