import { closeSync, createReadStream, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { AppError } from '../model/app-error.ts'

/** Reads a file that the command names; `-` is standard input. @throws AppError `file-unreadable` */
export function readInput(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    throw new AppError('file-unreadable', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

/** A file that the command names, to be read piece by piece. @throws AppError `file-unreadable` */
export function openUpload(file: string): { name: string; content: AsyncIterable<Uint8Array>; bytes: number } {
  try {
    const descriptor = openSync(file, 'r')
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw Object.assign(new Error('not a file'), { code: 'no file' })
    return { name: file, content: createReadStream(file, { fd: descriptor }), bytes: stats.size }
  } catch (cause) {
    throw new AppError('file-unreadable', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

/** Makes the file, for its owner only, and gives what fills it. @throws AppError `file-unwritable` */
export function openOutput(file: string): (text: string | Buffer) => void {
  const { write, close } = openParts(file)
  return (text) => {
    write(text)
    close()
  }
}

/** As {@link openOutput}, to be filled bit by bit. */
export function openParts(file: string): { write: (part: string | Buffer) => void; close: () => void } {
  try {
    const descriptor = openSync(file, 'w', 0o600)
    return { write: (part) => writeFileSync(descriptor, part), close: () => closeSync(descriptor) }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new AppError('file-unwritable', `${file} cannot be written (${code}).`, { cause })
  }
}
