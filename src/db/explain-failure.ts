import { AppError } from '../model/app-error.ts'

/** What the network says, and what the server says before it closes the door (PostgreSQL, appendix A: SQLSTATE). */
const UNREACHABLE =
  /^(E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|08...|57P0[123]|53300)$/
/** The driver gives these no code; knex puts the statement before them. */
const LOST =
  /(?:^| - )(?:connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|query read timeout)/i

/** Makes an AppError `database-unreachable` of whatever means that; everything else stays what it is. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const { code = '' } = error as { code?: string }
  const say = (message: string) => new AppError('database-unreachable', message, { cause: error })
  if (code.startsWith('28')) return say(`The database does not let us in (${code}): check user and password.`)
  if (code === '3D000') return say('The database server has no database of that name.')
  if (UNREACHABLE.test(code)) return say(`The database cannot be reached (${code}).`)
  if (LOST.test(error.message))
    return say('The connection to the database was lost. Whether the last change went through: offhook imports')
  return error
}
