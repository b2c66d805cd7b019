import { plainAddress } from '../access/networks.ts'
import { AppError } from '../model/app-error.ts'
import type { PhoneRequest } from '../model/phone-request.ts'
import { choose, type Identification } from '../phones/identify.ts'
import { refuse, type Rules, type Verdict } from './judge-request.ts'

/** Uses up the link with this token; `open`: it was good. Null: there is none. */
export type UseLink = (token: string, address: string) => Promise<{ deviceId: number; open: boolean } | null>

/**
 * What an app gets for a link that works once: its file, in which its own address stands. Null: no app asks for this file,
 * or none is set up by links; nobody looks for one then.
 */
export function judgeLink(
  rules: Rules,
  request: PhoneRequest,
  identified: Identification,
  otherwise: () => Verdict | Promise<Verdict>,
): Promise<Verdict> | null {
  const { token, transport } = request
  const asks = identified.candidates.some(({ family, file }) => family.link !== null && file.kind === 'device')
  if (token === null || transport === 'tftp' || !asks) return null
  return findLinked(rules, token, request, identified, otherwise)
}

async function findLinked(
  { useLink, store }: Rules,
  token: string,
  request: PhoneRequest,
  identified: Identification,
  otherwise: () => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  const link = await useLink(token, plainAddress(request.address))
  if (!link) return otherwise()
  const { deviceId, open } = link
  if (!open) return refuse('link-spent', deviceId, null)
  const device = await store.find({ id: deviceId })
  const file = device && choose(identified, device.family)?.file
  const ready = file && device.files.find((each) => each.file === file)
  if (!ready) return refuse('other-family', deviceId, null)
  const { answer } = ready
  return { outcome: answer instanceof AppError ? 'failed' : 'served', answer, deviceId, mac: null, file: file.name }
}
