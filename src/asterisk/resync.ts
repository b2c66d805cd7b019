import { AppError } from '../model/app-error.ts'
import type { AmiClient } from './ami/client.ts'

/**
 * Sends a NOTIFY with the given Event header (`check-sync;reboot=false`) to every contact of an endpoint, so that the
 * phone fetches its configuration again. Asterisk accepts it also when nobody is registered: look at the contacts
 * first. A phone may challenge it, which Asterisk answers with the endpoint's `outbound_auth`.
 * @throws AppError `ami-action-failed` for an unknown endpoint, `ami-value-unsafe`, `ami-unreachable`, `ami-refused`
 */
export async function resync(ami: AmiClient, endpoint: string, eventHeader: string): Promise<void> {
  if (!/^[A-Za-z0-9.-]+$/.test(endpoint))
    throw new AppError('ami-value-unsafe', 'An endpoint id holds only A-Z a-z 0-9 . -')
  await ami.send('PJSIPNotify', [
    ['Endpoint', endpoint],
    ['Variable', `Event=${escapeVariable(eventHeader)}`],
  ])
}

/**
 * A `Variable` header is split at commas outside brackets, loses its quotes, and a backslash takes the next character
 * as it is (main/app.c: __ast_app_separate_args). A semicolon means nothing here, unlike in pjsip_notify.conf.
 */
export function escapeVariable(value: string): string {
  return value.replace(/[\\",()[\]{}]/g, '\\$&')
}
