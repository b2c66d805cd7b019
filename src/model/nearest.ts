/**
 * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
 * Answers `limit + 1` as soon as it is certainly above `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1]
      let distance = Math.min(last[j]! + 1, current[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) distance = Math.min(distance, beforeLast[j - 2]! + 1)
      current.push(distance)
    }
    if (Math.min(...current) > limit) return limit + 1
    beforeLast = last
    last = current
  }
  return Math.min(last[right.length]!, limit + 1)
}

/** How far two names of that length may be apart and still be a typing error: a short one is soon another word. */
export function allowedDistance(length: number): number {
  return length < 5 ? 0 : length < 8 ? 1 : 2
}

/** The candidate that `text` was probably meant to be; null when none or several are equally near. */
export function nearest(text: string, candidates: Iterable<string>): string | null {
  const limit = allowedDistance(text.length)
  let best: string | null = null
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const distance = editDistance(text, candidate, limit)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
    else if (distance === bestDistance) best = null
  }
  return bestDistance <= limit ? best : null
}
