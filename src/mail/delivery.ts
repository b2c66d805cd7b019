import type { NodemailerError } from 'nodemailer/lib/errors'

/** What became of an attempt. No reason holds a secret. */
export type Delivery =
  | { state: 'sent'; note: string | null }
  /** For good: the recipient or the message was refused. */
  | { state: 'refused'; reason: string }
  /** `away`: the server cannot be used at all now, so no other mail need be tried. */
  | { state: 'delayed'; reason: string; away: boolean }

const MAX_CHARACTERS = 300
/** Commands whose refusal is about this mail alone; all before them is about the server or our account on it. */
const OF_THE_MAIL = /^(RCPT TO|DATA)/
const ANY_CONTROL = /\p{Cc}+/gu

/** RFC 5321 4.2.1: a 5yz reply is final, a 4yz one (greylisting, a full mailbox) is not. */
export function readFailure(error: unknown): Exclude<Delivery, { state: 'sent' }> {
  const { code, command = '', response, responseCode, permanent, message } = error as NodemailerError
  const said = shorten(response ?? message)
  // What a server says to a failed login may repeat what it was sent.
  if (code === 'EAUTH')
    return { state: 'delayed', reason: `The mail server refused our login (${responseCode ?? 'no code'})`, away: true }
  if (OF_THE_MAIL.test(command) && responseCode !== undefined)
    return permanent ? { state: 'refused', reason: said } : { state: 'delayed', reason: said, away: false }
  if (responseCode === undefined && (code === 'EENVELOPE' || code === 'EMESSAGE'))
    return { state: 'refused', reason: said }
  return { state: 'delayed', reason: `${code ?? 'error'}: ${said}`, away: true }
}

/** What is shown of a server's words: one line of bounded length. */
export function shorten(text: string): string {
  return text.replaceAll(ANY_CONTROL, ' ').slice(0, MAX_CHARACTERS)
}
