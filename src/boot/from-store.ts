import { AppError } from '../model/app-error.ts'

/** A store that cannot be read must never look like an empty one. @throws AppError `database-unreachable` */
export async function fromStore<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (cause) {
    throw new AppError('database-unreachable', 'The database cannot be read.', { cause })
  }
}
