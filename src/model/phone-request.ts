import type { DeviceCertificate, PhoneLogin } from './phone-proof.ts'

/** What a phone asked for, whatever it asked over. HTTP, HTTPS and TFTP build the same one. */
export type PhoneRequest = {
  transport: 'http' | 'https' | 'tftp'
  /** Token and file as they arrived together; where it is given, a file that was asked for before is found by it. */
  path?: string
  /** First path segment when it has the shape of a device token, else null. */
  readonly token: string | null
  /** The rest: a file name as the phone spelled it, possibly with folders, never joined into a file-system path. */
  readonly file: string
  /** What stands behind the question mark of an address; absent or empty: nothing. */
  query?: string
  /** Empty over TFTP. */
  userAgent: string
  /** The peer's address in text, IPv4-mapped IPv6 written as IPv4. */
  address: string
  /** Over HTTPS, what a phone showed of a certificate. */
  certificate?: DeviceCertificate
  /** Where it was asked for its password: `token` is the folder then, and no device's. */
  login?: PhoneLogin
}

/** What leaves: the bytes of one file. A refusal is `null`, the same for every reason. */
export type PhoneAnswer = {
  bytes: Buffer
  contentType: string
  /** Strong entity tag, quotes included. */
  etag: string
  /** Whose file it is. */
  family?: string
  /** A file that is streamed from disk: then `bytes` is empty. */
  stored?: StoredFile
}

/** `open` rejects with an AppError when the file is not there. */
export type StoredFile = { sizeBytes: number; open: () => Promise<OpenFile> }

/** Fills `into` from position `at` as far as it can; 0 says that the end is reached. */
export type OpenFile = { read: (into: Buffer, at: number) => Promise<number>; close: () => Promise<void> }

/** The second river as its listeners see it. */
export type AnswerPhone = (request: PhoneRequest) => Promise<PhoneAnswer | null> | PhoneAnswer | null
