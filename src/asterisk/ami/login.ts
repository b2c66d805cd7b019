import { createHash } from 'node:crypto'
import { AppError } from '../../model/app-error.ts'
import { isLoopback } from '../../model/host.ts'
import type { AmiAddress } from './address.ts'
import type { AmiConnection } from './connection.ts'
import type { AmiHeaders } from './encode-action.ts'

/**
 * Logs in. Over TLS or loopback the secret itself goes out; elsewhere it is only proven by MD5 of the challenge
 * (manager.c: action_challenge), because the line may have listeners.
 * @throws AppError `ami-refused` when Asterisk does not accept user and secret
 */
export async function logIn(connection: AmiConnection, address: AmiAddress): Promise<void> {
  await connection.greeted
  try {
    await connection.send('Login', [['Username', address.user], ...(await proofOfSecret(connection, address))])
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ami-action-failed') throw error
    throw new AppError('ami-refused', `Asterisk at ${address.host}:${address.port} refused the AMI login`)
  }
}

async function proofOfSecret(connection: AmiConnection, address: AmiAddress): Promise<AmiHeaders> {
  if (address.tls || isLoopback(address.host)) return [['Secret', address.secret.reveal()]]
  const [response] = await connection.send('Challenge', [['AuthType', 'MD5']])
  const challenge = response?.get('challenge') ?? ''
  const key = createHash('md5').update(challenge).update(address.secret.reveal()).digest('hex')
  return [
    ['AuthType', 'MD5'],
    ['Key', key],
  ]
}
