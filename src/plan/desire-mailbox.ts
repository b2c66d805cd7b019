import type { Person } from '../model/person.ts'
import { choose } from './desire.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

/**
 * The mailbox of an extension. It keeps its name when the extension gets another number: Asterisk stores recordings and
 * greetings under it, and offers no way to move them that would not send every message anew (app_voicemail.c,
 * copy_message). Whoever gets the old number later gets a box of another name.
 */
export function desireMailbox(person: Person, current: Row | null, user: Row, extension: Row, run: PlanRun): Row {
  const pin = person.voicemail_pin ?? current?.['pin'] ?? run.supply.pin(String(extension['number']))
  const followsUser = !current || current['email'] === null || person.email === undefined
  const id = current?.['id'] ?? run.supply.nextId()
  return {
    id,
    tenant_id: run.tenant.id,
    extension_id: extension['id']!,
    number: current?.['number'] ?? nameMailbox(extension, id, run),
    pin,
    email: choose(person.voicemail_email, followsUser ? (current?.['email'] ?? user['email']) : user['email']),
    pager: choose(person.pager, current?.['pager']),
    transcription: choose(person.transcription, current?.['transcription'], false),
  }
}

function nameMailbox(extension: Row, id: Row[string], run: PlanRun): string {
  const number = String(extension['number'])
  return run.snapshot.mailboxNames.has(number) ? `${number}-${String(id)}` : number
}
