import { Fault } from '../model/fault.ts'
import type { Authentication, SipMode } from '../model/person.ts'
import { parsePlainText } from '../model/plain-text.ts'
import { quote } from '../model/quote.ts'
import { nearest } from './nearest.ts'

/** Reads a cell that must be one of a list; answers the list's spelling. */
export type ParseChoice = (text: string) => string | Fault

/**
 * Makes a reader for names that the caller knows (locations, models, roles): case, accents, blanks and punctuation do
 * not matter. Without a list any short line of text is taken. Faults: `<noun>-unknown`.
 */
export function makeChoice(noun: string, known: readonly string[] | undefined): ParseChoice {
  if (known === undefined) return (text) => parsePlainText(text, { codePoints: 64 })
  const byTerm = new Map(known.map((name) => [squeeze(name), name]))
  const read = new Map<string, string | Fault>()
  return (text) => {
    const answer = read.get(text) ?? byTerm.get(squeeze(text)) ?? refuse(noun, text, byTerm)
    read.set(text, answer)
    return answer
  }
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
  return (text) =>
    byTerm.get(squeeze(text)) ?? new Fault(`${noun}-unknown`, `${quote(text)} is none of the choices`, suggestion)
}

function refuse(noun: string, text: string, byTerm: ReadonlyMap<string, string>): Fault {
  const meant = nearest(squeeze(text), byTerm.keys())
  const some = [...byTerm.values()].slice(0, 10)
  const all = byTerm.size > some.length ? `${some.join(', ')}, …` : some.join(', ')
  const choices = some.length === 0 ? `There is no ${noun} yet` : `One of ${all}`
  return new Fault(
    `${noun}-unknown`,
    `There is no ${noun} ${quote(text)}`,
    meant === null ? choices : byTerm.get(meant)!,
  )
}

function squeeze(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
