import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../support/debian/run.ts'

/** Absolute paths of the programs. */
export type Programs = { tftp: string; atftp: string; curl: string; busybox: string }

export type ClientName = keyof typeof COMMANDS

type Target = { port: number; file: string; local: string }

/** What people type to fetch a file with each client, with and without options. */
const COMMANDS = {
  'tftp-hpa': ({ port, file, local }: Target) =>
    ['tftp', '-m', 'octet', '127.0.0.1', String(port), '-c', 'get', file, local] as const,
  'tftp-hpa netascii': ({ port, file, local }: Target) =>
    ['tftp', '-m', 'netascii', '127.0.0.1', String(port), '-c', 'get', file, local] as const,
  atftp: ({ port, file, local }: Target) =>
    ['atftp', '--get', '-r', file, '-l', local, '127.0.0.1', String(port)] as const,
  'atftp blksize 1428': ({ port, file, local }: Target) =>
    ['atftp', '--option', 'blksize 1428', '--get', '-r', file, '-l', local, '127.0.0.1', String(port)] as const,
  'atftp windowsize 8': ({ port, file, local }: Target) =>
    ['atftp', '--option', 'windowsize 8', '--get', '-r', file, '-l', local, '127.0.0.1', String(port)] as const,
  curl: ({ port, file, local }: Target) => ['curl', '-sS', '-o', local, `tftp://127.0.0.1:${port}/${file}`] as const,
  'curl blksize 8192': ({ port, file, local }: Target) =>
    ['curl', '-sS', '--tftp-blksize', '8192', '-o', local, `tftp://127.0.0.1:${port}/${file}`] as const,
  'curl without options': ({ port, file, local }: Target) =>
    ['curl', '-sS', '--tftp-no-options', '-o', local, `tftp://127.0.0.1:${port}/${file}`] as const,
  'busybox blksize 1428': ({ port, file, local }: Target) =>
    ['busybox', 'tftp', '-g', '-b', '1428', '-r', file, '-l', local, '127.0.0.1', String(port)] as const,
  'busybox without options': ({ port, file, local }: Target) =>
    ['busybox', 'tftp', '-g', '-b', '512', '-r', file, '-l', local, '127.0.0.1', String(port)] as const,
}

/**
 * atftp 0.8.0 takes an OACK that comes a second time for an error and leaves an empty file (tftp_receive_file in
 * tftp_file.c: "unexpected OACK"), though its own acknowledgement, lost or late, is what makes a server send it again. With
 * these limits it is sent one only when it asks again, as it does after 5 s.
 */
export const FOR_ATFTP = { firstSends: 1, firstSilenceMs: 11_000 }

export const CLIENT_NAMES = Object.keys(COMMANDS) as ClientName[]

/** Fetches one file with a real client. Throws with what the client said when it failed or left no file behind. */
export async function fetchWith(
  client: ClientName,
  programs: Programs,
  target: { port: number; file: string },
): Promise<Buffer> {
  const local = join(tmpdir(), `offhook-tftp-${randomUUID()}`)
  const [program, ...args] = COMMANDS[client]({ ...target, local })
  const { status, stdout, stderr } = await run(programs[program], args)
  try {
    // A client that gave up may leave what it has: an empty file, or the beginning of one.
    if (status !== 0) throw new Error('a status other than 0')
    return await readFile(local)
  } catch (cause) {
    throw new Error(`${client} ended with ${status}: ${stderr}${stdout}`, { cause })
  } finally {
    await rm(local, { force: true })
  }
}
