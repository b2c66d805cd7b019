import { loadLastFirst, loadRows, PAGE_PEOPLE, type WrittenImport, type WrittenPerson } from './written-changes.ts'

/** Takes people back all together, or none of them: false when somebody of them cannot be. */
export type TakeAll = (people: readonly WrittenPerson[]) => Promise<boolean>

/** People who can only be taken back together. */
type Unit = readonly WrittenPerson[]

/**
 * Takes back everybody whom an import wrote something for, last first and some at a time, less those who cannot be.
 * Who swapped something with somebody far away in the list is tried again together with them.
 * @returns who is left, as names by row
 */
export async function takeBack(from: WrittenImport, takeAll: TakeAll): Promise<Map<number, string>> {
  let left = new Map<number, string>()
  for await (const page of loadLastFirst(from))
    noteLeft(
      left,
      await takeUnits(
        page.map((person) => [person]),
        takeAll,
      ),
    )
  for (let before = Infinity; left.size > 0 && left.size < before;) {
    before = left.size
    left = await tryAgain(from, [...left.keys()], takeAll)
  }
  return left
}

async function tryAgain(from: WrittenImport, rows: readonly number[], takeAll: TakeAll) {
  const left = new Map<number, string>()
  for (const batch of gather(await groupByShared(from, rows))) {
    const groupOf = new Map(batch.flatMap((group) => group.map((row) => [row, group])))
    const units = Map.groupBy(await loadRows(from, batch.flat()), ({ row }) => groupOf.get(row))
    noteLeft(left, await takeUnits([...units.values()], takeAll))
  }
  return left
}

function noteLeft(left: Map<number, string>, people: readonly WrittenPerson[]): void {
  for (const { row, who } of people) left.set(row, who)
}

/** Halves what fails, so that of many of whom few cannot be taken back these few are found soon. @returns who is left */
async function takeUnits(units: readonly Unit[], takeAll: TakeAll): Promise<WrittenPerson[]> {
  if (units.length === 0 || (await takeAll(units.flat()))) return []
  const [first] = units
  if (units.length === 1) return first!.length === 1 ? [...first!] : halve(first!.map((person) => [person]))
  return halve(units)

  async function halve(parts: readonly Unit[]): Promise<WrittenPerson[]> {
    const middle = Math.ceil(parts.length / 2)
    const left = await takeUnits(parts.slice(0, middle), takeAll)
    return [...left, ...(await takeUnits(parts.slice(middle), takeAll))]
  }
}

/** Rows of people for whom the same row of a table was written, each group by itself. */
async function groupByShared(from: WrittenImport, rows: readonly number[]): Promise<number[][]> {
  const groupOf = new Map<number, number[]>()
  const writtenBy = new Map<string, number>()
  for (let at = 0; at < rows.length; at += PAGE_PEOPLE)
    for (const { row, changes } of await loadRows(from, rows.slice(at, at + PAGE_PEOPLE))) {
      groupOf.set(row, [row])
      for (const { table, key } of changes) {
        const other = writtenBy.get(`${table}|${key}`)
        if (other === undefined) writtenBy.set(`${table}|${key}`, row)
        else join(groupOf, row, other)
      }
    }
  return [...new Set(groupOf.values())]
}

function join(groupOf: Map<number, number[]>, row: number, other: number): void {
  const [mine, theirs] = [groupOf.get(row)!, groupOf.get(other)!]
  if (mine === theirs) return
  const [large, small] = mine.length > theirs.length ? [mine, theirs] : [theirs, mine]
  large.push(...small)
  for (const each of small) groupOf.set(each, large)
}

/** So many groups at a time that they are a page of people, or one that is larger. */
function* gather(groups: readonly number[][]): Generator<number[][]> {
  let batch: number[][] = []
  let people = 0
  for (const group of groups) {
    if (people > 0 && people + group.length > PAGE_PEOPLE) {
      yield batch
      batch = []
      people = 0
    }
    batch.push(group)
    people += group.length
  }
  if (batch.length > 0) yield batch
}
