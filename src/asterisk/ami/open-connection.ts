import type { AmiAddress } from './address.ts'
import { AmiConnection } from './connection.ts'
import { logIn } from './login.ts'
import type { AmiMessage } from './message.ts'
import { openSocket } from './open-socket.ts'
import type { AmiTiming } from './timing.ts'

/**
 * Connects, waits for the banner and logs in, all within `timing.loginWithinMs`.
 * Events may reach `onEvent` before this resolves, because Asterisk sends FullyBooted right behind the login.
 * @throws AppError `ami-unreachable`, `ami-refused`
 */
export async function openConnection(
  address: AmiAddress,
  timing: AmiTiming,
  closing: AbortSignal,
  onEvent: (event: AmiMessage) => void,
): Promise<AmiConnection> {
  const attempt = new AbortController()
  const abort = () => attempt.abort()
  const timer = setTimeout(abort, timing.loginWithinMs)
  closing.addEventListener('abort', abort)
  try {
    const socket = await openSocket(address, attempt.signal)
    const connection = new AmiConnection(socket, timing, onEvent)
    attempt.signal.addEventListener('abort', () => connection.end('Asterisk did not complete the login in time'))
    try {
      await logIn(connection, address)
      connection.watch()
    } catch (error) {
      connection.end('The login did not succeed')
      throw error
    }
    return connection
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', abort)
  }
}
