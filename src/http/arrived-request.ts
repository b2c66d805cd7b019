import { parseTokenPath, type TokenPath } from '../model/device-token.ts'
import type { DeviceCertificate, PhoneLogin } from '../model/phone-proof.ts'
import type { PhoneRequest } from '../model/phone-request.ts'

/**
 * A request of a phone as it arrived. What its path holds is read when somebody wants it: a phone that comes again is
 * found by the path as a whole, and to take it apart would cost as much as finding it.
 */
export class ArrivedRequest implements PhoneRequest {
  readonly path: string
  readonly userAgent: string
  readonly address: string
  transport: 'http' | 'https'
  query?: string
  certificate?: DeviceCertificate
  login?: PhoneLogin
  #parsed: TokenPath | null = null

  constructor(path: string, transport: 'http' | 'https', userAgent: string, address: string) {
    this.path = path
    this.transport = transport
    this.userAgent = userAgent
    this.address = address
  }

  get token(): string | null {
    return this.#read().token
  }

  get file(): string {
    return this.#read().file
  }

  #read(): TokenPath {
    return (this.#parsed ??= parseTokenPath(this.path))
  }
}
