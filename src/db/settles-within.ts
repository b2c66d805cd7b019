/**
 * Waits for work, but not longer than that. What it rejects with in time is thrown; later it is nobody's any more.
 * @returns whether it has ended
 */
export async function settlesWithin(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), withinMs)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
