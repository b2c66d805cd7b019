import { Fault } from '../model/fault.ts'
import { parseYesNo } from '../model/yes-no.ts'
import { spellings } from './headers.ts'

const ACTIVE = new Set(
  spellings('active; enabled; aktiv; aktiviert; actif; activé; activo; activado; habilitado; member; freigeschaltet'),
)
const SUSPENDED = new Set(
  spellings(`
    suspended; disabled; inactive; blocked; locked; archived; deactivated; gesperrt; deaktiviert; inaktiv; archiviert;
    suspendu; désactivé; bloqué; inactif; suspendido; deshabilitado; desactivado; bloqueado; inactivo`),
)
/** Names of columns in which yes means that the person is not suspended. */
const SAYS_ACTIVE = new Set(
  spellings(`
    enabled; active; is active; account active; account enabled; accountEnabled; aktiv; aktiviert; freigeschaltet;
    Konto aktiv; actif; activé; compte actif; activo; activado; habilitado; cuenta activa`),
)

/**
 * Reads what a column says of people who are suspended as yes or no: words such as “Active” and “gesperrt”, and yes and
 * no, which mean the opposite below names such as “enabled”. `term` is the normalised name of the column.
 */
export function readSuspended(text: string, term: string): string {
  const [word = ''] = spellings(text)
  if (ACTIVE.has(word)) return 'no'
  if (SUSPENDED.has(word)) return 'yes'
  if (!SAYS_ACTIVE.has(term) || text.trim() === '' || text.trim() === '-') return text
  const isActive = parseYesNo(text)
  return isActive instanceof Fault ? text : isActive ? 'no' : 'yes'
}

/** `"Anna Berg" <+4930123456>` is the number in it (RFC 3261, 20.10, name-addr; FreePBX writes it so). */
export function readCallerNumber(text: string): string {
  return /^[^<>]*<([^<>]*)>\s*$/.exec(text)?.[1] ?? text
}
