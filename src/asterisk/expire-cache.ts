import { AppError } from '../model/app-error.ts'
import type { AmiClient } from './ami/client.ts'

/** An Asterisk whose sorcery.conf keeps no such cache, or that has no caches at all, reads every row anew as it is. */
const NOTHING_KEPT = /cache does not exist|invalid\/unknown command/i

/**
 * Makes Asterisk forget the objects that it keeps in one cache (`res_pjsip/auth`), so that it reads them anew from their
 * rows. The objects go, the registrations stay.
 * @throws AppError `ami-action-failed` without the permission, `ami-unreachable`, `ami-refused`
 */
export async function expireCache(ami: AmiClient, cache: string): Promise<void> {
  try {
    await ami.send('SorceryMemoryCacheExpire', [['Cache', cache]])
  } catch (error) {
    if (!(error instanceof AppError) || !NOTHING_KEPT.test(error.message)) throw error
  }
}
