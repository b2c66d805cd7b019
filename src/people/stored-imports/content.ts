import type { Source } from '../../import/read-source.ts'
import { Secret } from '../../model/secret.ts'
import type { Vault } from '../../secrets/vault.ts'
import type { StatedTexts } from '../import-options.ts'

/** What was brought, and the texts stated beside it: both may hold PINs and passwords. */
export type ImportContent = { input: Source; stated: StatedTexts }

type Stored = StatedTexts & StoredSource
type StoredSource = { kind: 'file'; base64: string } | Exclude<Source, { kind: 'file' }>

export function sealContent({ input, stated }: ImportContent, slug: string, importId: number, vault: Vault): Buffer {
  const { set, defaults, values } = stated
  const stored: Stored = { ...withoutBytes(input), ...(set && { set }), defaults, values }
  return vault.seal(new Secret(JSON.stringify(stored)), placeOf(slug, importId))
}

/** @throws AppError `key-wrong` */
export function openContent(sealed: Buffer, slug: string, importId: number, vault: Vault): ImportContent {
  const { set, defaults, values, ...stored } = JSON.parse(
    vault.open(sealed, placeOf(slug, importId)).reveal(),
  ) as Stored
  const input: Source = stored.kind === 'file' ? { kind: 'file', bytes: Buffer.from(stored.base64, 'base64') } : stored
  return { input, stated: { ...(set && { set }), ...(defaults && { defaults }), ...(values && { values }) } }
}

function withoutBytes(input: Source): StoredSource {
  return input.kind === 'file' ? { kind: 'file', base64: input.bytes.toString('base64') } : input
}

/** Files beside what was brought: the rows with problems, and those put right. */
type FileColumn = 'errors' | 'corrections'

/** Passwords may stand in it. */
export function sealFile(file: Buffer, slug: string, importId: number, vault: Vault, column: FileColumn): Buffer {
  return vault.seal(new Secret(file.toString('base64')), placeOf(slug, importId, column))
}

/** @throws AppError `key-wrong` */
export function openFile(sealed: Buffer, slug: string, importId: number, vault: Vault, column: FileColumn): Buffer {
  return Buffer.from(vault.open(sealed, placeOf(slug, importId, column)).reveal(), 'base64')
}

function placeOf(slug: string, importId: number, column: 'content' | FileColumn = 'content') {
  return { tenant: slug, table: 'offhook.imports', row: String(importId), column }
}
