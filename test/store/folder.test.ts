import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid, seteuid } from 'node:process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStoreFolder } from '../../src/store/folder.ts'
import { receiveFile } from '../../src/store/receive-file.ts'
import { inPieces, openTestFolder, sha256, type TestFolder } from './files.ts'

let store: TestFolder
beforeAll(async () => void (store = await openTestFolder()))
afterAll(() => store.close())

const LIMIT = { limitBytes: 1_000_000 }

test('a file lies under its digest, and the same content a second time is the same file', async () => {
  const bytes = Buffer.from('firmware of a phone'.repeat(5_000))
  const received = await receiveFile(store.folder, inPieces(bytes), LIMIT)
  expect(received).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length })
  await received.keep()
  await received.drop()
  expect(store.list()).toEqual([sha256(bytes)])
  await Promise.all(
    [1, 2, 3].map(async () => {
      const again = await receiveFile(store.folder, inPieces(bytes), LIMIT)
      await again.keep()
      await again.drop()
    }),
  )
  expect(store.list()).toEqual([sha256(bytes)])
  const file = await store.folder.open(sha256(bytes))
  const part = Buffer.alloc(10)
  expect(await file.read(part, 19)).toBe(10)
  expect(part.toString()).toBe('firmware o')
  expect(await file.read(part, bytes.length)).toBe(0)
  await file.close()
})

test('what is too large, empty, cut short or not what was announced leaves nothing behind', async () => {
  const before = store.list()
  const bytes = Buffer.alloc(5_000, 'x')
  const refused = async (content: AsyncIterable<Uint8Array>, expected: Parameters<typeof receiveFile>[2]) =>
    receiveFile(store.folder, content, expected).then(
      () => 'taken',
      (error: unknown) => (error as { code: string }).code,
    )
  expect(await refused(inPieces(bytes, 999), { limitBytes: 4_999 })).toBe('file-too-large')
  expect(await refused(inPieces(bytes), { limitBytes: 4_999, bytes: 5_000 })).toBe('file-too-large')
  expect(await refused(inPieces(Buffer.alloc(0)), LIMIT)).toBe('upload-incomplete')
  expect(await refused(inPieces(bytes), { ...LIMIT, bytes: 5_001 })).toBe('upload-incomplete')
  expect(await refused(inPieces(bytes), { ...LIMIT, sha256: 'a'.repeat(64) })).toBe('upload-incomplete')
  const breaking = (async function* () {
    yield bytes
    await Promise.resolve()
    throw new Error('connection reset')
  })()
  expect(await refused(breaking, LIMIT)).toBe('upload-incomplete')
  expect(await refused(inPieces(bytes), { ...LIMIT, bytes: 5_000, sha256: sha256(bytes).toUpperCase() })).toBe('taken')
  for (const name of store.list().filter((each) => !before.includes(each))) expect(name).toMatch(/^[0-9a-f-]{36}$/)
})

test('cleaning takes what nobody wants and old remains, and nothing that is not ours', async () => {
  const own = await openTestFolder()
  const [kept, lost] = [Buffer.from('kept'), Buffer.from('lost')]
  for (const bytes of [kept, lost]) await (await receiveFile(own.folder, inPieces(bytes), LIMIT)).keep()
  mkdirSync(join(own.path, 'ab', 'deep'), { recursive: true })
  const foreign = ['notes.txt', 'ab/readme', 'ab/deep/file']
  for (const name of foreign) writeFileSync(join(own.path, name), 'mine')
  for (const name of ['stale', 'fresh']) writeFileSync(join(own.path, 'incoming', name), 'half')
  utimesSync(join(own.path, 'incoming', 'stale'), 1, 1)
  expect(await own.folder.sweep((digest) => digest === sha256(kept), Date.now() - 60_000)).toBe(2)
  expect(own.list()).toEqual([sha256(kept), 'file', 'fresh', 'notes.txt', 'readme'].sort())
  await expect(own.folder.open(sha256(lost))).rejects.toMatchObject({ code: 'store-unusable' })
  own.close()
})

test('a folder that cannot be used is named with the reason and the cure', async () => {
  const root = mkdtempSync(join(tmpdir(), 'offhook-store-'))
  writeFileSync(join(root, 'file'), '')
  const complain = async (path: string) =>
    openStoreFolder(path).then(
      () => 'fine',
      (error: unknown) => (error as Error).message,
    )
  expect(await complain(join(root, 'file', 'below'))).toMatch(
    /^OFFHOOK_STORE: the folder .*below cannot be used \(ENOTDIR\)/,
  )
  mkdirSync(join(root, 'locked'))
  chmodSync(join(root, 'locked'), 0o500)
  chmodSync(root, 0o755)
  // Root writes everywhere: what the service account sees is what counts.
  const isRoot = getuid?.() === 0
  if (isRoot) seteuid!(65_534)
  const denied = await complain(join(root, 'locked', 'store')).finally(() => isRoot && seteuid!(0))
  expect(denied).toMatch(/cannot be used \(EACCES\): give it to the account that runs Offhook/)
  expect(await complain(join(root, 'new', 'store'))).toBe('fine')
  chmodSync(join(root, 'locked'), 0o700)
  rmSync(root, { recursive: true })
})
