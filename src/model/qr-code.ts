import qrcode from 'qrcode-generator'

/** Light modules that a picture needs on each side (ISO/IEC 18004, quiet zone). */
const QUIET = 4

/** Rows from the top, true where it is dark, the quiet zone included. */
export type QrCode = readonly (readonly boolean[])[]

/** A QR code that stays readable with 15 % of it lost. @throws RangeError for text that is not plain ASCII */
export function makeQrCode(text: string): QrCode {
  if (!/^[!-~]+$/.test(text)) throw new RangeError('A QR code says printable ASCII without blanks')
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const size = code.getModuleCount()
  const at = Array.from({ length: size + 2 * QUIET }, (_, index) => index - QUIET)
  const isInside = (place: number) => place >= 0 && place < size
  return at.map((row) => at.map((column) => isInside(row) && isInside(column) && code.isDark(row, column)))
}
