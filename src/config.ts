import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isWellFormed, type Kind, KIND_WORDS, SEALED, splitList } from './config-kinds.ts'
import { AppError } from './model/app-error.ts'
import { Secret } from './model/secret.ts'

type Variable = {
  name: string
  kind: Kind
  fallback: string | null
  example: string
  meaning: string
}

/** Every variable that Offhook reads; the README's table is compared with this. Each also as NAME_FILE. */
export const VARIABLES = [
  variable(
    'DATABASE_URL',
    'database-url',
    null,
    'postgresql://offhook@db/offhook',
    'PostgreSQL; absent: an embedded one',
  ),
  variable('OFFHOOK_DATA_DIR', 'text', './data', '/var/lib/offhook', 'embedded database and its key'),
  variable('OFFHOOK_STORE', 'text', null, '/srv/offhook', 'firmware and the like; absent: in the data folder'),
  variable('OFFHOOK_BIND', 'address', '127.0.0.1', '0.0.0.0', 'address that every listener binds'),
  variable('OFFHOOK_HTTP_PORT', 'port', '8080', '8080', 'pages and API'),
  variable('OFFHOOK_PHONES_PORT', 'port', '8081', '80', 'configurations over HTTP'),
  variable('OFFHOOK_PHONES_TLS_PORT', 'port', null, '443', 'configurations over HTTPS; absent: off'),
  variable('OFFHOOK_TLS_CERT', 'file', null, '/etc/offhook/cert.pem', 'certificate chain of the HTTPS listener'),
  variable('OFFHOOK_TLS_KEY', 'file', null, '/etc/offhook/key.pem', 'its private key'),
  variable(
    'OFFHOOK_DEVICE_CA_DIR',
    'folder',
    null,
    '/etc/offhook/makers',
    "makers' certificate authorities; absent: off",
  ),
  variable('OFFHOOK_TFTP_PORT', 'port', null, '69', 'TFTP; absent: off'),
  variable('OFFHOOK_TFTP_ALLOW', 'networks', null, '10.20.0.0/16', 'networks that TFTP answers'),
  variable('OFFHOOK_PNP_ADDRESS', 'ipv4', null, '10.20.0.5', 'hears phones by multicast there; absent: off'),
  variable(
    'OFFHOOK_AMI_URL',
    'ami-url',
    null,
    'ami://offhook:SECRET@127.0.0.1:5038',
    "Asterisk's manager; amis:// for TLS",
  ),
  variable(
    'OFFHOOK_SMTP_URL',
    'smtp-url',
    null,
    'smtp://offhook:SECRET@mail.example.org:587',
    'mail server; smtps:// for TLS; absent: mails wait',
  ),
  variable('OFFHOOK_MAIL_FROM', 'sender', null, 'Offhook <pbx@example.org>', 'whom mails come from'),
  variable('OFFHOOK_PUBLIC_URL', 'url', null, 'https://pbx.example.org', 'how people reach the pages'),
  variable('OFFHOOK_PHONES_URL', 'url', null, 'http://pbx.example.org:8081', 'how phones reach their files'),
  variable('OFFHOOK_SIP_HOST', 'host', null, 'pbx.example.org', 'where phones register; host or host:port'),
  variable('OFFHOOK_TRUSTED_PROXY', 'proxies', null, '10.0.0.5', 'proxies whose X-Forwarded-For is believed'),
  variable('OFFHOOK_WEBHOOKS_ALLOW', 'networks', null, '10.20.0.5', 'private networks that may be told things'),
  variable(
    'OFFHOOK_KEY',
    'secret',
    null,
    '(openssl rand -base64 32)',
    'seals secrets; made with the embedded database',
  ),
] as const

export type Config = {
  databaseUrl: Secret | null
  dataDir: string
  storeDir: string
  bind: string
  httpPort: number
  phonesPort: number
  phonesTlsPort: number | null
  tlsCert: string | null
  tlsKey: string | null
  deviceCaDir: string | null
  tftpPort: number | null
  tftpAllow: string[]
  pnpAddress: string | null
  amiUrl: Secret | null
  smtpUrl: Secret | null
  mailFrom: string | null
  publicUrl: string
  phonesUrl: string
  sipHost: string
  trustedProxy: string[]
  webhooksAllow: string[]
  key: Secret | null
}

/**
 * Reads the environment, once, all of it.
 * @throws AppError `config-invalid` naming every missing or bad variable, never a value
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const faults: string[] = []
  const values = new Map(VARIABLES.map((spec) => [spec.name as string, readVariable(spec, env, faults)]))
  const get = (name: (typeof VARIABLES)[number]['name']) => values.get(name) ?? null
  const port = (name: (typeof VARIABLES)[number]['name']) => (get(name) === null ? null : Number(get(name)))
  const list = (name: (typeof VARIABLES)[number]['name']) => splitList(get(name) ?? '')
  const secret = (name: (typeof VARIABLES)[number]['name']) => (get(name) === null ? null : new Secret(get(name)!))
  for (const name of ['OFFHOOK_TLS_CERT', 'OFFHOOK_TLS_KEY'] as const)
    if (get('OFFHOOK_PHONES_TLS_PORT') !== null && get(name) === null)
      faults.push(`${name} is missing: OFFHOOK_PHONES_TLS_PORT needs it`)
  if (get('OFFHOOK_DEVICE_CA_DIR') !== null && get('OFFHOOK_PHONES_TLS_PORT') === null)
    faults.push('OFFHOOK_PHONES_TLS_PORT is missing: OFFHOOK_DEVICE_CA_DIR needs it')
  if (get('OFFHOOK_TFTP_PORT') !== null && list('OFFHOOK_TFTP_ALLOW').length === 0)
    faults.push('OFFHOOK_TFTP_ALLOW is missing: OFFHOOK_TFTP_PORT needs it')
  if (get('OFFHOOK_SMTP_URL') !== null && get('OFFHOOK_MAIL_FROM') === null)
    faults.push('OFFHOOK_MAIL_FROM is missing: OFFHOOK_SMTP_URL needs it')
  if (get('DATABASE_URL') !== null && get('OFFHOOK_KEY') === null)
    faults.push('OFFHOOK_KEY is missing: with DATABASE_URL it must be given (make one: openssl rand -base64 32)')
  if (faults.length > 0) throw new AppError('config-invalid', faults.join('\n'))
  const bind = get('OFFHOOK_BIND')!
  const reachable = bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind
  return {
    databaseUrl: secret('DATABASE_URL'),
    dataDir: get('OFFHOOK_DATA_DIR')!,
    storeDir: get('OFFHOOK_STORE') ?? join(get('OFFHOOK_DATA_DIR')!, 'store'),
    bind,
    httpPort: port('OFFHOOK_HTTP_PORT')!,
    phonesPort: port('OFFHOOK_PHONES_PORT')!,
    phonesTlsPort: port('OFFHOOK_PHONES_TLS_PORT'),
    tlsCert: get('OFFHOOK_TLS_CERT'),
    tlsKey: get('OFFHOOK_TLS_KEY'),
    deviceCaDir: get('OFFHOOK_DEVICE_CA_DIR'),
    tftpPort: port('OFFHOOK_TFTP_PORT'),
    tftpAllow: list('OFFHOOK_TFTP_ALLOW'),
    pnpAddress: get('OFFHOOK_PNP_ADDRESS'),
    amiUrl: secret('OFFHOOK_AMI_URL'),
    smtpUrl: secret('OFFHOOK_SMTP_URL'),
    mailFrom: get('OFFHOOK_MAIL_FROM'),
    publicUrl: (get('OFFHOOK_PUBLIC_URL') ?? `http://${reachable}:${get('OFFHOOK_HTTP_PORT')!}`).replace(/\/+$/, ''),
    phonesUrl: (get('OFFHOOK_PHONES_URL') ?? `http://${reachable}:${get('OFFHOOK_PHONES_PORT')!}`).replace(/\/+$/, ''),
    sipHost: get('OFFHOOK_SIP_HOST') ?? reachable,
    trustedProxy: list('OFFHOOK_TRUSTED_PROXY'),
    webhooksAllow: list('OFFHOOK_WEBHOOKS_ALLOW'),
    key: secret('OFFHOOK_KEY'),
  }
}

/**
 * The effective values, secrets as `***`.
 * @throws AppError `config-invalid` as {@link readConfig}
 */
export function describeConfig(env: NodeJS.ProcessEnv = process.env): { name: string; value: string | null }[] {
  const config = readConfig(env)
  const derived: Partial<Record<string, string>> = {
    OFFHOOK_STORE: config.storeDir,
    OFFHOOK_PUBLIC_URL: config.publicUrl,
    OFFHOOK_PHONES_URL: config.phonesUrl,
    OFFHOOK_SIP_HOST: config.sipHost,
  }
  return VARIABLES.map((spec) => {
    const value = readVariable(spec, env, [])
    const isSecret = value !== null && SEALED.includes(spec.kind)
    return { name: spec.name, value: isSecret ? '***' : (derived[spec.name] ?? value) }
  })
}

function variable<N extends string>(name: N, kind: Kind, fallback: string | null, example: string, meaning: string) {
  return { name, kind, fallback, example, meaning }
}

function readVariable(spec: Variable, env: NodeJS.ProcessEnv, faults: string[]): string | null {
  const value = readText(spec, env, faults)
  if (value === null) return spec.fallback
  if (!isWellFormed(spec.kind, value)) faults.push(`${spec.name} is not ${KIND_WORDS[spec.kind]}`)
  return value
}

function readText(spec: Variable, env: NodeJS.ProcessEnv, faults: string[]): string | null {
  const file = env[`${spec.name}_FILE`]
  const direct = env[spec.name]
  if (file && direct) faults.push(`${spec.name} and ${spec.name}_FILE are both set`)
  if (!file) return direct === undefined || direct === '' ? null : direct
  try {
    const value = readFileSync(file, 'utf8').trim()
    if (value === '') faults.push(`${spec.name}_FILE names an empty file`)
    return value === '' ? null : value
  } catch {
    faults.push(`${spec.name}_FILE names a file that cannot be read`)
    return null
  }
}
