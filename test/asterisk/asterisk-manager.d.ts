/** The parts of the npm package that tests use as an observer independent of our own client. */
declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events'

  type Headers = Readonly<Record<string, string>>

  export default class AsteriskManager extends EventEmitter {
    constructor(port: number, host: string, username: string, secret: string, events: boolean)
    action(action: Headers, callback: (error: unknown, response: Headers) => void): void
    disconnect(callback?: () => void): void
  }
}
