/** What keeps the event loop busy, counted by kind: `UDPWrap 17, Timeout 1`. */
export function countResources(): string {
  const counts = new Map<string, number>()
  // A timer of the scene itself comes and goes; intervals of the server would stay.
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .sort()
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
}

/** Memory after a full collection; the scene must be run with --expose-gc. */
export function settledMemory(): { rssMiB: number; heapMiB: number } {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rssMiB: rss / 2 ** 20, heapMiB: (heapUsed + external) / 2 ** 20 }
}
