/** 12 lower-case hex digits, no separators. */
export type Mac = string & { readonly brand: unique symbol }

const PLAIN = /^[0-9a-f]{12}$/
const SEPARATED = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$|^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/

/** Reads the spellings people paste (`00:15:65:AB:CD:EF`, `00-15-…`, `0015.65ab.cdef`, bare); null for anything else. */
export function parseMac(text: string): Mac | null {
  const lower = text.trim().toLowerCase()
  const digits = SEPARATED.test(lower) ? lower.replaceAll(/[:.-]/g, '') : lower
  return PLAIN.test(digits) && !isGroupOrNull(digits) ? (digits as Mac) : null
}

/** Multicast and all-zero addresses never belong to one phone (IEEE 802: bit 0 of the first octet). */
function isGroupOrNull(digits: string): boolean {
  return digits === '000000000000' || (parseInt(digits.slice(1, 2), 16) & 1) === 1
}
