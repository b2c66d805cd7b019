import { AppError } from '../model/app-error.ts'
import type { OpenFile, PhoneAnswer } from '../model/phone-request.ts'
import type { StoredPart } from '../model/stored-media.ts'

const NOTHING = Buffer.alloc(0)

/** A file of the store as an answer: its bytes are read while they leave. */
export function toStoredAnswer(
  { sha256, bytes, contentType }: StoredPart,
  open: (sha256: string) => Promise<OpenFile> = refuseOpen,
): PhoneAnswer {
  const etag = `"${sha256}"`
  return { bytes: NOTHING, contentType, etag, stored: { sizeBytes: bytes, open: () => open(sha256) } }
}

/** How a name is looked up: Gigaset doubles the slash between folder and file, and some phones shout. */
export function spellStored(file: string): string {
  return file
    .replace(/\/{2,}/g, '/')
    .replace(/^\//, '')
    .toLowerCase()
}

function refuseOpen(): Promise<OpenFile> {
  return Promise.reject(new AppError('store-unusable', 'There is no folder of stored files.'))
}
