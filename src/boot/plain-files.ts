import { type ReadyDevice, type ReadyFile, toReady } from './ready-device.ts'

/** A phone that came with its address for the first time gets its file as it is for so long. */
const NEW_MS = 5 * 60_000

/**
 * A phone's address and its key come in the same file, so who has the address has the key; but an address may also come
 * from elsewhere, and the file that told it may not have arrived whole.
 */
export function mayLackKey({ sealedAtMs }: Pick<ReadyDevice, 'sealedAtMs'>, nowMs: number): boolean {
  return sealedAtMs === null || nowMs - sealedAtMs < NEW_MS
}

export function inPlain(ready: ReadyFile): ReadyFile {
  const { file, plain } = ready
  return plain ? toReady(file, plain, plain) : ready
}
