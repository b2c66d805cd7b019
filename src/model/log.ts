type Say = (fields: object, message: string) => void

/** Where a running part of Offhook says what happens, one line a call; a pino logger is one. */
export type Log = { info: Say; warn: Say; error: Say }
