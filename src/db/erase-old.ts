import type { Queryable } from './pool.ts'

/** Deletes what was told to Asterisk so long ago. @returns how many entries */
export async function eraseOldOutbox(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    'delete from offhook.outbox where done_at < now() - make_interval(days => $1)',
    [days],
  )
  return rowCount ?? 0
}

/** Deletes windows that closed so long ago. @returns how many */
export async function eraseOldReleases(owner: Queryable, days: number): Promise<number> {
  const { rowCount } = await owner.query(
    'delete from offhook.release_windows where closes_at < now() - make_interval(days => $1)',
    [days],
  )
  return rowCount ?? 0
}
