import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../debian/bundle.ts'
import { runOrThrow } from '../debian/run.ts'

/** A certificate and its key in PEM, and where they lie. */
export type Signer = { name: string; certificate: string; key: string; certFile: string; keyFile: string }

export type Wanted = {
  /** As openssl reads it: `/O=Maker/CN=001565abcd01`. */
  subject: string
  /** File of the key that it is for. */
  keyFile: string
  /** Lines of an extension section. */
  extensions?: string[]
  digest?: string
}

const CLIENT = ['basicConstraints=CA:FALSE', 'keyUsage=digitalSignature', 'extendedKeyUsage=clientAuth']
const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']

let made = 0

/** Makes keys, authorities and certificates with the real openssl, all of them in `folder`. */
export async function openMint(folder: string) {
  const openssl = (await bundle('tools')).program('openssl')
  const config = join(folder, 'openssl.cnf')
  await writeFile(config, '[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = nobody\n')
  const run = (args: string[]) => runOrThrow(openssl, args, { OPENSSL_CONF: config })
  const fresh = (ending: string) => join(folder, `${(made += 1)}.${ending}`)

  async function makeKey(algorithm = 'RSA', ...options: string[]): Promise<string> {
    const file = fresh('key')
    await run(['genpkey', '-algorithm', algorithm, ...options.flatMap((one) => ['-pkeyopt', one]), '-out', file])
    return file
  }
  /** Signed by the authority, or without one by its own key. */
  async function issue(authority: Signer | null, { subject, keyFile, extensions, digest }: Wanted): Promise<string> {
    const [file, section] = [fresh('crt'), fresh('ext')]
    await writeFile(section, `[own]\n${(extensions ?? CLIENT).join('\n')}\n`)
    const signer = authority ? ['-CA', authority.certFile, '-CAkey', authority.keyFile] : ['-key', keyFile]
    const publicKey = fresh('pub')
    if (authority) await run(['pkey', '-in', keyFile, '-pubout', '-out', publicKey])
    const subjectKey = authority ? ['-force_pubkey', publicKey] : []
    // prettier-ignore
    await run(['x509', '-new', '-subj', subject, ...subjectKey, ...signer, `-${digest ?? 'sha256'}`, '-days', '3650',
      '-extfile', section, '-extensions', 'own', '-out', file])
    return readFile(file, 'utf8')
  }
  async function makeAuthority(subject: string, parent: Signer | null = null): Promise<Signer> {
    const keyFile = await makeKey('RSA', 'rsa_keygen_bits:2048')
    const certFile = fresh('pem')
    const certificate = await issue(parent, { subject, keyFile, extensions: AUTHORITY })
    await writeFile(certFile, certificate)
    return { name: subject, certificate, key: await readFile(keyFile, 'utf8'), certFile, keyFile }
  }
  return { makeKey, issue, makeAuthority }
}

/**
 * The certificate with other bytes in it, as many as before, signed anew by its RSA authority: a thousand phones in the
 * time that openssl takes for ten, and what openssl refuses to write.
 */
export function alter(certificate: string, authority: Signer, changes: readonly [from: string, to: string][]): string {
  const { raw } = new X509Certificate(certificate)
  const bytes = Buffer.from(raw)
  for (const [from, to] of changes) {
    const at = bytes.lastIndexOf(from, undefined, 'latin1')
    if (at < 0 || from.length !== to.length) throw new Error(`${from} cannot become ${to}`)
    bytes.write(to, at, 'latin1')
  }
  const start = 4 // the outer SEQUENCE has a length of two bytes
  const length = 4 + bytes.readUInt16BE(start + 2)
  const signature = sign('sha256', bytes.subarray(start, start + length), createPrivateKey(authority.key))
  signature.copy(bytes, bytes.length - signature.length)
  return toPem(bytes)
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** A time as a certificate has it (UTCTime). */
export function toUtcTime(at: Date): string {
  return `${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`
}
