import { type ImportState, isDue } from '../../src/db/imports.ts'
import type { Answer, Json } from './open-office.ts'
import { until } from './until.ts'

type Problem = { row: number; field: string; code: string; message: string; suggestion?: string; repair?: string }
export type Brought = Json & {
  id: number
  state: ImportState
  note: string | null
  revision: number
  counts: Record<'new' | 'changed' | 'unchanged' | 'missing' | 'problem', number>
  problems: Problem[]
  warnings: Problem[]
}
export type BroughtRow = {
  row: number
  verdict: string
  who: string
  cells: Record<string, string>
  problems: Problem[]
  changes: { table: string; verb: string; fields: Json }[]
}
export type User = Json & { id: number; extension: string; username: string; email: string; calls: string }

type Access = {
  ask: (
    token: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  owner: string
  offhook: (words: string[], input?: string) => Promise<[code: number | null, document: Json]>
}

export type Tenant = Awaited<ReturnType<typeof openTenant>>

/** What an admin of one organisation does, by API and by command. Whatever is refused throws, except by `ask`. */
export async function openTenant({ ask: send, owner, offhook }: Access, slug: string) {
  await must(send(owner, 'POST', '/tenants', { slug, name: slug }))
  const named = { 'X-Offhook-Tenant': slug }
  const made = await must(send(owner, 'POST', '/tokens', { name: slug, scopes: ['admin'] }, named))
  const token = String(made['token'])
  const ask = (method: string, path: string, body?: unknown) => send(token, method, path, body)
  const get = (path: string) => must(ask('GET', path))
  const settled = async (id: number): Promise<Brought> => {
    let seen: Brought
    await until(`import ${id} to settle`, async () => {
      seen = (await get(`/imports/${id}`)) as Brought
      return !isDue(seen.state)
    })
    return seen!
  }
  const plan = async (body: unknown, query = ''): Promise<Brought> =>
    settled(Number((await must(ask('POST', `/imports${query}`, body)))['id']))
  const apply = async (id: number, options: Json = {}): Promise<Brought> => {
    await must(ask('POST', `/imports/${id}/apply`, options))
    return settled(id)
  }
  return {
    ...{ slug, token, ask, get, settled, plan, apply },
    /** As an admin of this organisation types it. */
    offhook: (words: string[], input?: string) => offhook([...words, '--tenant', slug], input),
    /** Changes something and gives what is there then. */
    change: (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      must(ask(method, path, body)),
    set: (defaults: Record<string, string | null>) => must(ask('PATCH', '/tenant/defaults', defaults)),
    /** A text table with options, applied; it must be free of problems. */
    async bring(text: string, options: Json = {}): Promise<Brought> {
      const planned = await plan({ text, options })
      if (planned.counts.problem > 0 || planned.problems.length > 0) throw new Error(JSON.stringify(planned.problems))
      const applied = await apply(planned.id)
      if (applied.state !== 'applied') throw new Error(`${applied.state}: ${String(applied.note)}`)
      return applied
    },
    rows: async (id: number, verdict?: string): Promise<BroughtRow[]> =>
      (await get(`/imports/${id}/rows?limit=200${verdict ? `&verdict=${verdict}` : ''}`))['items'] as BroughtRow[],
    /** After their names, numbers or addresses. */
    users: async (search = ''): Promise<User[]> =>
      (await get(`/users?limit=200&q=${encodeURIComponent(search)}`))['items'] as User[],
    items: async (path: string): Promise<(Json & { id: number })[]> =>
      (await get(path))['items'] as (Json & { id: number })[],
  }
}

async function must(asked: Promise<Answer>): Promise<Json> {
  const { status, body, text } = await asked
  if (status > 299) throw new Error(`${status}: ${text}`)
  return body
}

/** The first of a list that must have one. */
export function first<T>(list: readonly T[]): T {
  if (list[0] === undefined) throw new Error('the list is empty')
  return list[0]
}
