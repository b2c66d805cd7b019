import type { Queryable } from './pool.ts'

type Range = { first: number; last: number }

/** Ids of new rows, taken from the sequence many at a time. */
export class ReservedIds {
  readonly #ranges: Range[] = []

  /** Makes room for so many more. Others take ids at the same time, so that they are not always one range. */
  async reserve(client: Queryable, count: number): Promise<void> {
    if (count === 0) return
    const { rows } = await client.query<Range>(
      `with taken as materialized (select nextval('ids') as id from generate_series(1, $1)),
         ends as (select min(id) as first, max(id) as last from taken)
       select first, last from ends where last - first < $1
       union all
       select min(id), max(id) from (select id, id - row_number() over (order by id) as range from taken) as ranged
         where exists (select from ends where last - first >= $1) group by range order by 1`,
      [count],
    )
    this.#ranges.push(...rows)
  }

  next(): number {
    const range = this.#ranges[0]
    if (!range) throw new Error('more ids are needed than were reserved')
    const id = range.first++
    if (id === range.last) this.#ranges.shift()
    return id
  }
}

/** Ids that no row has or ever gets, for what nobody writes. */
export class UnseenIds {
  #last = 0

  async reserve(): Promise<void> {
    // They do not run out.
  }

  next(): number {
    return --this.#last
  }
}
