/** How two samples of times compare. */
export type Comparison = {
  /** Chance that one of the first is larger than one of the second (Mann and Whitney): 0.5 where they are alike. */
  larger: number
  /** Of `larger` where both come from one source: draws of these sizes stray so much by chance. */
  deviation: number
  /** Median of the first less that of the second. */
  medianDifference: number
}

/** Compares by rank, so that a pause of the machine is one place in the order and not a mean that it drags along. */
export function compareByRank(first: readonly number[], second: readonly number[]): Comparison {
  const all = [...first.map((value) => ({ value, mine: true })), ...second.map((value) => ({ value, mine: false }))]
  all.sort((a, b) => a.value - b.value)
  let ranks = 0
  for (const [at, { mine }] of all.entries()) if (mine) ranks += at + 1
  const [m, n] = [first.length, second.length]
  return {
    larger: (ranks - (m * (m + 1)) / 2) / (m * n),
    deviation: Math.sqrt((m + n + 1) / (12 * m * n)),
    medianDifference: median(first) - median(second),
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
