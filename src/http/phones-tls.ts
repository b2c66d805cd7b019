import { constants, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { type Authorities, readAuthorities } from '../boot/authorities.ts'
import { judgeCertificate } from '../boot/judge-certificate.ts'
import { AppError } from '../model/app-error.ts'
import type { Log } from '../model/log.ts'
import type { DeviceCertificate } from '../model/phone-proof.ts'
import { Recent } from '../model/recent.ts'
import type { Family } from '../phones/family.ts'

export type TlsFiles = {
  /** Paths of PEM files. */
  certFile: string
  keyFile: string
  /** Folder of the makers' authorities; null: phones are not asked for certificates. */
  makers: { folder: string; families: readonly Family[] } | null
  lookEveryMs?: number
}

type Material = { text: string; cert: string; key: string; authorities: Authorities | null; expiresAt: Date }

/** Nobody waits for a renewed certificate, and reading a few small files costs nothing. */
const LOOK_EVERY_MS = 5_000
const KEPT_VERDICTS = 10_000
/** A verdict is about a time. */
const VERDICT_MS = 60_000

/** The certificate of the phones' listener, and what it makes of theirs. */
export class PhonesTls {
  readonly #files: TlsFiles
  readonly #ofConnection = new WeakMap<Socket, DeviceCertificate | null>()
  readonly #verdicts = new Recent<string, { atMs: number; verdict: DeviceCertificate }>(KEPT_VERDICTS)
  #material: Material
  #complaint = ''

  /** @throws AppError `config-invalid` naming the variable whose file will not do */
  constructor(files: TlsFiles) {
    this.#files = files
    this.#material = readMaterial(files)
  }

  /** When the listener's own certificate ends. */
  get expiresAt(): Date {
    return this.#material.expiresAt
  }

  /** For the server: asks for certificates and leaves judging them to {@link certificateOf}. */
  get options() {
    const { cert, key, authorities } = this.#material
    return {
      ...{ cert, key, ca: [...(authorities?.pem ?? [])] },
      // 1.0 and 1.1 are broken by design (RFC 8996), and OpenSSL speaks them only where it also takes 512-bit keys. A
      // phone that knows nothing better gains nothing by them over HTTP inside a release.
      minVersion: 'TLSv1.2' as const,
      // A stolen ticket key would open recorded sessions; and a resumed one has no chain to look at.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ...{ requestCert: authorities !== null, rejectUnauthorized: false },
    }
  }

  /** Has the server take up what is renewed in the files, for whoever connects from then on. @returns how to end it */
  watch(server: Server, log: Pick<Log, 'info' | 'warn'>): () => void {
    const timer = setInterval(() => this.#look(server, log), this.#files.lookEveryMs ?? LOOK_EVERY_MS).unref()
    return () => clearInterval(timer)
  }

  /** The certificate that the phone on this connection showed, judged once. */
  certificateOf(socket: Socket): DeviceCertificate | undefined {
    let judged = this.#ofConnection.get(socket)
    if (judged === undefined) {
      judged = socket instanceof TLSSocket ? this.#judge(socket.getPeerX509Certificate()) : null
      this.#ofConnection.set(socket, judged)
    }
    return judged ?? undefined
  }

  #judge(certificate: X509Certificate | undefined): DeviceCertificate | null {
    const { authorities } = this.#material
    if (!certificate || !authorities || !this.#files.makers) return null
    const nowMs = Date.now()
    const { fingerprint256 } = certificate
    const known = this.#verdicts.get(fingerprint256)
    if (known && Math.abs(nowMs - known.atMs) < VERDICT_MS) return known.verdict
    const verdict = judgeReadable({ families: this.#files.makers.families, authorities }, certificate, nowMs)
    this.#verdicts.set(fingerprint256, { atMs: nowMs, verdict })
    return verdict
  }

  /** Files that are being written fit each other a moment later; until then the old ones serve. */
  #look(server: Server, log: Pick<Log, 'info' | 'warn'>): void {
    try {
      const material = readMaterial(this.#files)
      this.#complaint = ''
      if (material.text === this.#material.text) return
      this.#material = material
      this.#verdicts.clear()
      server.setSecureContext(this.options)
      log.info({ expiresAt: material.expiresAt }, 'phones see the renewed certificate')
    } catch (error) {
      const { message } = error as Error
      if (message !== this.#complaint)
        log.warn({ err: error }, 'the renewed certificate cannot be used; the old one is')
      this.#complaint = message
    }
  }
}

/** Anybody sends anything: what the library gives up on proves nothing. */
function judgeReadable(...[makers, certificate, nowMs]: Parameters<typeof judgeCertificate>): DeviceCertificate {
  try {
    return judgeCertificate(makers, certificate, nowMs)
  } catch (error) {
    const nobody = { subject: '', issuer: '', expiresAt: new Date(0), claims: [], isOutOfDate: true }
    return { ...nobody, sha256: '', fault: `it cannot be read: ${(error as Error).message}` }
  }
}

function readMaterial({ certFile, keyFile, makers }: TlsFiles): Material {
  const [cert, key] = [readText(certFile, 'OFFHOOK_TLS_CERT'), readText(keyFile, 'OFFHOOK_TLS_KEY')]
  const authorities = makers && readAuthorities(makers.folder, makers.families)
  try {
    createSecureContext({ cert, key })
    const expiresAt = new X509Certificate(cert).validToDate
    const trusted = [...(authorities?.byFamily ?? [])].flatMap(([family, list]) => [family, ...list.map(String)])
    return { text: [cert, key, ...trusted].join('\n'), cert, key, authorities, expiresAt }
  } catch (cause) {
    const why = (cause as Error).message
    throw new AppError('config-invalid', `OFFHOOK_TLS_CERT and OFFHOOK_TLS_KEY do not fit: ${why}`, { cause })
  }
}

function readText(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('config-invalid', `${variable} names a file that cannot be read`, { cause })
  }
}
