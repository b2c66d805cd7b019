/** What keeps the event loop busy, counted by kind: `UDPWrap 17, Timeout 1`. */
export function countResources(): string {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .sort()
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
}
