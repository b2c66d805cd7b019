import { AppError } from '../model/app-error.ts'
import { type Networks, parseNetworks } from '../access/networks.ts'

/** Whether an address (text, without zone, IPv4-mapped written as IPv4) may be answered at all. */
export type AllowList = Networks

/** Reads networks such as `10.0.0.0/8`, `fd00::/8` or a bare address. Throws `config-invalid` for none or a bad one. */
export function parseAllowList(networks: readonly string[]): AllowList {
  if (networks.length === 0) throw new AppError('config-invalid', 'TFTP needs the networks that it may answer')
  try {
    return parseNetworks(networks)
  } catch (cause) {
    throw new AppError('config-invalid', (cause as Error).message, { cause })
  }
}
