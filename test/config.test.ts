import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeConfig, readConfig, VARIABLES } from '../src/config.ts'
import { AppError } from '../src/model/app-error.ts'

const KEY = 'k'.repeat(32)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offhook-config-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function writeSecret(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What is said about an environment that will not do. */
function complain(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'config-invalid' })
    return (error as AppError).message
  }
  throw new Error('nothing was complained about')
}

test('without a single variable there is a whole configuration, on this machine only', () => {
  expect(readConfig({})).toEqual({
    ...{ databaseUrl: null, dataDir: './data', bind: '127.0.0.1', httpPort: 8080, phonesPort: 8081, key: null },
    ...{ phonesTlsPort: null, tlsCert: null, tlsKey: null, tftpPort: null, tftpAllow: [], amiUrl: null },
    ...{ pnpAddress: null, deviceCaDir: null, storeDir: 'data/store' },
    ...{ publicUrl: 'http://127.0.0.1:8080', phonesUrl: 'http://127.0.0.1:8081', sipHost: '127.0.0.1' },
    ...{ trustedProxy: [], webhooksAllow: [], smtpUrl: null, mailFrom: null },
  })
  expect(readConfig({ OFFHOOK_BIND: '0.0.0.0' })).toMatchObject({ publicUrl: 'http://127.0.0.1:8080' })
})

test('the example of every variable is accepted', () => {
  const made: Record<string, string> = {
    OFFHOOK_TLS_CERT: writeSecret('cert.pem', 'x'),
    OFFHOOK_TLS_KEY: writeSecret('key.pem', 'x'),
    OFFHOOK_DEVICE_CA_DIR: folder,
    OFFHOOK_KEY: KEY,
  }
  const env = Object.fromEntries(VARIABLES.map(({ name, example }) => [name, made[name] ?? example]))
  expect(readConfig(env)).toMatchObject({ tftpAllow: ['10.20.0.0/16'], trustedProxy: ['10.0.0.5'], tftpPort: 69 })
})

const BAD: Record<string, string> = {
  DATABASE_URL: 'mysql://canary:canary@canary/canary',
  OFFHOOK_BIND: 'canary canary',
  OFFHOOK_HTTP_PORT: '80canary',
  OFFHOOK_PHONES_PORT: '65536',
  OFFHOOK_PHONES_TLS_PORT: '-1',
  OFFHOOK_TLS_CERT: '/canary/cert.pem',
  OFFHOOK_TLS_KEY: '/canary/key.pem',
  OFFHOOK_DEVICE_CA_DIR: '/canary/makers',
  OFFHOOK_TFTP_PORT: 'canary',
  OFFHOOK_TFTP_ALLOW: '10.0.0.0/8, canary/33',
  OFFHOOK_PNP_ADDRESS: '0.0.0.0',
  OFFHOOK_AMI_URL: 'http://canary:canary@canary',
  OFFHOOK_SMTP_URL: 'smtp://canary@canary',
  OFFHOOK_MAIL_FROM: 'canary',
  OFFHOOK_PUBLIC_URL: 'ftp://canary',
  OFFHOOK_PHONES_URL: 'canary',
  OFFHOOK_SIP_HOST: 'canary canary',
  OFFHOOK_TRUSTED_PROXY: 'canary/99',
  OFFHOOK_WEBHOOKS_ALLOW: 'canary/99',
  OFFHOOK_KEY: 'canary',
}

test('every bad variable is reported at once, by name and never by value', () => {
  const message = complain(BAD)
  expect(Object.keys(BAD).filter((name) => !message.includes(`${name} is not `))).toEqual([])
  expect(message.split('\n')).toHaveLength(Object.keys(BAD).length)
  expect(message).not.toMatch(/canary|65536|-1/)
  // Any text is a path.
  expect(VARIABLES.map(({ name }) => name).filter((name) => !(name in BAD))).toEqual([
    'OFFHOOK_DATA_DIR',
    'OFFHOOK_STORE',
  ])
})

test('everything that others call for is reported at once', () => {
  const message = complain({
    ...{ DATABASE_URL: 'postgres://db/offhook', OFFHOOK_PHONES_TLS_PORT: '443', OFFHOOK_TFTP_PORT: '69' },
    OFFHOOK_HTTP_PORT: 'x',
  })
  for (const name of ['OFFHOOK_KEY', 'OFFHOOK_TLS_CERT', 'OFFHOOK_TLS_KEY', 'OFFHOOK_TFTP_ALLOW'])
    expect(message).toMatch(new RegExp(`^${name} is missing: `, 'm'))
  expect(message).toMatch(/^OFFHOOK_HTTP_PORT is not a port number$/m)
})

test('a variable that is set to nothing is not set', () => {
  const env = Object.fromEntries(VARIABLES.map(({ name }) => [name, '']))
  expect(readConfig(env)).toEqual(readConfig({}))
})

test('each variable can come from a file, whose end of line does not count', () => {
  const config = readConfig({
    OFFHOOK_KEY_FILE: writeSecret('key', `${KEY}\n`),
    DATABASE_URL_FILE: writeSecret('url', 'postgresql://db/offhook\r\n'),
    OFFHOOK_HTTP_PORT_FILE: writeSecret('port', '9090'),
  })
  expect(config.key!.reveal()).toBe(KEY)
  expect(config.databaseUrl!.reveal()).toBe('postgresql://db/offhook')
  expect(config.httpPort).toBe(9090)
})

test('a file that is missing or empty, and a variable given twice, are reported with the rest', () => {
  const message = complain({
    ...{ OFFHOOK_AMI_URL_FILE: join(folder, 'canary'), OFFHOOK_SIP_HOST_FILE: writeSecret('empty', '\n') },
    ...{ OFFHOOK_KEY: KEY, OFFHOOK_KEY_FILE: writeSecret('again', KEY) },
  })
  expect(message.split('\n').sort()).toEqual([
    'OFFHOOK_AMI_URL_FILE names a file that cannot be read',
    'OFFHOOK_KEY and OFFHOOK_KEY_FILE are both set',
    'OFFHOOK_SIP_HOST_FILE names an empty file',
  ])
})

test('what is shown is what is in effect, with secrets as asterisks', () => {
  const env = {
    ...{ DATABASE_URL: 'postgresql://u:canary@db/offhook', OFFHOOK_KEY: `canary-${KEY}` },
    ...{ OFFHOOK_AMI_URL: 'ami://u:canary@127.0.0.1', OFFHOOK_PHONES_PORT: '80', OFFHOOK_TFTP_ALLOW: '' },
  }
  const shown = new Map(describeConfig(env).map(({ name, value }) => [name, value]))
  expect([...shown.keys()]).toEqual(VARIABLES.map(({ name }) => name))
  expect(JSON.stringify([...shown])).not.toContain('canary')
  for (const name of ['DATABASE_URL', 'OFFHOOK_KEY', 'OFFHOOK_AMI_URL']) expect(shown.get(name)).toBe('***')
  expect(shown.get('OFFHOOK_PHONES_URL')).toBe('http://127.0.0.1:80')
  expect(shown.get('OFFHOOK_SIP_HOST')).toBe('127.0.0.1')
  expect(shown.get('OFFHOOK_TFTP_ALLOW')).toBeNull()
  expect(JSON.stringify(readConfig(env))).not.toContain('canary')
  expect(() => describeConfig({ OFFHOOK_HTTP_PORT: 'x' })).toThrow(/OFFHOOK_HTTP_PORT/)
})

test("the README's table is the list of variables", () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
  const rows = readme
    .split('\n')
    .filter((line) => /^\| `?(OFFHOOK_|DATABASE_URL)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
  expect(rows).toEqual(
    VARIABLES.map(({ name, fallback, example, meaning }) => [name, fallback ?? '', example, meaning]),
  )
})
