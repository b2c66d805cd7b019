/** One response or event from Asterisk. Header names are kept in lower case, because Asterisk varies their case. */
export class AmiMessage {
  readonly headers: readonly (readonly [name: string, value: string])[]

  constructor(headers: readonly (readonly [name: string, value: string])[]) {
    this.headers = headers
  }

  /** The first value of a header (name in lower case), or undefined. */
  get(name: string): string | undefined {
    return this.headers.find((header) => header[0] === name)?.[1]
  }

  /** Every value of a repeated header, in order: `output` of a Command, `variable`. */
  all(name: string): string[] {
    return this.headers.filter((header) => header[0] === name).map((header) => header[1])
  }
}
