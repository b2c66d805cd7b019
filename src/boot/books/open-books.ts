import type pg from 'pg'
import { readBookRows } from '../../db/books.ts'
import { AppError } from '../../model/app-error.ts'
import type { Log } from '../../model/log.ts'
import { BookStore } from './book-store.ts'
import { compileBook } from './compile-book.ts'

const LIMIT_BYTES = 128 * 1024 * 1024
const QUERY_TIMEOUT_MS = 30_000

/** The phonebooks of all tenants over connections of the role offhook_phones. */
export function openBooks(options: {
  pool: pg.Pool
  /** How much memory they may take; above, the longest unused ones are made again when asked for. */
  limitBytes?: number | undefined
  hears: () => boolean
  log: Pick<Log, 'warn'>
}): BookStore {
  const { pool, limitBytes = LIMIT_BYTES, hears, log } = options
  return new BookStore({
    ...{ limitBytes, hears, log },
    async load(tenantId) {
      const { rows, language } = await readBookRows(pool, tenantId, QUERY_TIMEOUT_MS).catch((cause: unknown) => {
        throw new AppError('database-unreachable', 'The phonebook cannot be read.', { cause })
      })
      return compileBook(rows, language)
    },
  })
}
