import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type ElfFile = {
  path: string
  /** Has an interpreter of its own, so the kernel can start it. */ startable: boolean
}

// Program header type of the segment that names the interpreter (elf(5)).
const PT_INTERP = 3

/** The ELF files below a folder; of several hard links to one file only the first, symbolic links not followed. */
export async function findElfFiles(folder: string): Promise<ElfFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: ElfFile[] = []
  const seen = new Set<number>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { ino } = await lstat(path)
    if (seen.has(ino)) continue
    seen.add(ino)
    const startable = await readStartable(path)
    if (startable !== null) files.push({ path, startable })
  }
  return files
}

async function readStartable(path: string): Promise<boolean | null> {
  const file = await open(path)
  try {
    const header = Buffer.alloc(4096)
    const { bytesRead } = await file.read(header, 0, header.length, 0)
    const isElf64LittleEndian = bytesRead > 64 && header.toString('latin1', 0, 6) === '\x7fELF\x02\x01'
    return isElf64LittleEndian ? hasInterpreter(header.subarray(0, bytesRead)) : null
  } finally {
    await file.close()
  }
}

function hasInterpreter(header: Buffer): boolean {
  const start = Number(header.readBigUInt64LE(32))
  const size = header.readUInt16LE(54)
  const count = header.readUInt16LE(56)
  for (let index = 0; index < count; index++) {
    const at = start + index * size
    if (at + 4 <= header.length && header.readUInt32LE(at) === PT_INTERP) return true
  }
  return false
}
