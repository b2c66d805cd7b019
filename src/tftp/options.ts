/** What a transfer runs with after RFC 2347 negotiation. */
export type Agreement = {
  blockBytes: number
  windowBlocks: number
  /** The client's `timeout` (RFC 2349), or null when it named none. */
  timeoutMs: number | null
  /** Name and value of each option taken; empty means that no OACK is due. */
  accepted: (readonly [string, string])[]
}

/** RFC 1350: 512 octets and lock-step unless negotiated. */
const DEFAULT_BLOCK_BYTES = 512

/**
 * Settles the options of a request for a file of `sizeBytes`. Unknown options and malformed values are left out of the
 * answer, as RFC 2347 asks; sizes above our caps are answered with the cap (RFC 2348, RFC 7440).
 */
export function negotiate(
  requested: ReadonlyMap<string, string>,
  sizeBytes: number,
  caps: { blockBytes: number; windowBlocks: number },
): Agreement {
  const take = (name: string, from: number, to: number) => {
    const value = parseCount(requested.get(name))
    return value === null || value < from || value > to ? null : value
  }
  const blksize = take('blksize', 8, 65_464) // RFC 2348
  const windowsize = take('windowsize', 1, 65_535) // RFC 7440
  const timeout = take('timeout', 1, 255) // RFC 2349: seconds; it may be taken as it is or left out
  const blockBytes = blksize && Math.min(blksize, caps.blockBytes)
  const windowBlocks = windowsize && Math.min(windowsize, caps.windowBlocks)
  const answers: [string, number | null][] = [
    ['blksize', blockBytes],
    ['windowsize', windowBlocks],
    ['timeout', timeout],
    // RFC 2349: the client of a read sends 0, the server fills in the size. Left out for an empty file, because curl takes
    // a size of 0 for an error (lib/tftp.c) and an option may always be left out.
    ['tsize', take('tsize', 0, Infinity) === null || sizeBytes === 0 ? null : sizeBytes],
  ]
  return {
    blockBytes: blockBytes ?? DEFAULT_BLOCK_BYTES,
    windowBlocks: windowBlocks ?? 1,
    timeoutMs: timeout && timeout * 1000,
    accepted: answers.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)] as const])),
  }
}

/** Ten digits hold any size that fits the wire; more are no size. */
function parseCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null
}
