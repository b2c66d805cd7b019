import type { FirmwareFile } from '../db/firmware.ts'
import type { OpenFile, PhoneAnswer } from '../model/phone-request.ts'
import { spellStored, toStoredAnswer } from './stored-answer.ts'

const CONTENT_TYPE = 'application/octet-stream'

/**
 * Firmware that a tenant lets anybody have by its bare name: phones whose maker knows no address with a token ask for it
 * over TFTP at the root. It holds nothing secret; who asks is not looked at.
 */
export class OpenFiles {
  readonly #open: ((sha256: string) => Promise<OpenFile>) | undefined
  #files: ReadonlyMap<string, PhoneAnswer> = new Map()

  constructor(open: ((sha256: string) => Promise<OpenFile>) | undefined) {
    this.#open = open
  }

  /** Takes over what the database says. */
  replace(files: readonly (FirmwareFile & { family: string })[]): void {
    this.#files = new Map(
      files.map(({ name, sha256, bytes, family }) => [
        name.toLowerCase(),
        { ...toStoredAnswer({ sha256, bytes, contentType: CONTENT_TYPE }, this.#open), family },
      ]),
    )
  }

  find(file: string): PhoneAnswer | undefined {
    return this.#files.size === 0 ? undefined : this.#files.get(spellStored(file))
  }
}
