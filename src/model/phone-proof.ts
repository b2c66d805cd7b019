import type { Mac } from './mac.ts'

/** How a phone that got its own file had shown which one it is. */
export const PROOF_WAYS = ['token', 'window', 'certificate', 'digest', 'basic'] as const
export type ProofWay = (typeof PROOF_WAYS)[number]

/** A certificate that a phone showed and holds the key of, as it was judged. */
export type DeviceCertificate = {
  /** Of its DER form, in hex. */
  sha256: string
  subject: string
  issuer: string
  expiresAt: Date
  /** The families whose makers say so, and whose phone it then is. */
  claims: readonly { family: string; mac: Mac }[]
  /** Now lies before or after its validity: believed of a phone only that was known by it before. */
  isOutOfDate: boolean
  /** Why it proves nothing; null: it does. */
  fault: string | null
}

/** What a phone showed where it was asked for its password. `deviceId` null: nothing, or what is not right. */
export type PhoneLogin =
  { deviceId: number; way: 'digest' | 'basic' } | { deviceId: null; outcome: 'login-asked' | 'login-refused' }
