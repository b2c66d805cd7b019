import type { PhoneRequest } from '../../model/phone-request.ts'
import { type Candidate, readPage } from '../../phones/identify.ts'
import { refuse, type Rules, type Verdict } from '../judge-request.ts'
import type { ReadyDevice } from '../ready-device.ts'

/**
 * The phonebook of the tenant for a phone that came with its token. Who works where is nobody else's business: over TFTP
 * it leaves under the rules of files with passwords.
 * @throws AppError `database-unreachable`, or why it cannot be rendered
 */
export function judgeBook(
  { books, releases }: Rules,
  request: PhoneRequest,
  device: ReadyDevice,
  { family, file }: Candidate,
): Verdict | Promise<Verdict> {
  const { id, tenantId, mac, bookAddress } = device
  if (bookAddress === null) return refuse('absent', id, mac)
  if (request.transport === 'tftp' && !releases.servesOverTftp(device))
    return refuse(releases.letsTftp(device) ? 'not-released' : 'tftp-consent', id, mac)
  const serve = (answer: Verdict['answer']): Verdict =>
    // Its bytes are no setting of the phone: that they change is no reason to tell it to fetch its files.
    answer ? { outcome: 'served', answer, deviceId: id, mac, file: null } : refuse('absent', id, mac)
  const asked = { page: readPage(file, request.file), query: request.query ?? '', address: bookAddress }
  const found = books.find(tenantId, { family, file }, asked)
  return found instanceof Promise ? found.then(serve) : serve(found)
}
