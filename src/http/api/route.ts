import type { Response } from 'express'
import type pg from 'pg'
import type { z } from 'zod'
import type { Scope } from '../../access/scopes.ts'
import type { AmiClient } from '../../asterisk/ami/client.ts'
import type { Queryable } from '../../db/pool.ts'
import type { Tenant } from '../../db/tenants.ts'
import type { Log } from '../../model/log.ts'
import type { PeopleDesk } from '../../people/desk.ts'
import type { Family } from '../../phones/family.ts'
import type { Shelf } from '../../store/shelf.ts'

/** What the API works with; made once by the composition root. */
export type ApiSite = {
  desk: PeopleDesk
  /** Connections of the owner: tokens and tenants are looked up before it is known whose they are. */
  owner: pg.Pool
  families: readonly Family[]
  /** Files that phones fetch. */
  shelf: Shelf
  /** Where phones register; host or host:port. */
  sipHost: string
  /** How phones reach their files, without a token. */
  phonesUrl: string
  /** Null: no Asterisk can be told anything. */
  ami: AmiClient | null
  log: Pick<Log, 'info' | 'warn'>
}

/** `tenant`: works within one; `installation`: for all at once; `either`: about the one, or without one about the other. */
export type Reach = 'tenant' | 'installation' | 'either'

/** A request that is allowed and well-formed. */
export type Ask<P, Q, B, R extends Reach> = {
  site: ApiSite
  /** For the history: `token:NAME`. */
  actor: string
  tenant: R extends 'tenant' ? Tenant : Tenant | null
  params: P
  query: Q
  body: B
  /** The body, where the route takes a file and one came. */
  file: Buffer | null
  /** The body as it comes, where the route takes an upload; `bytes` if the caller said how many. */
  upload: { content: AsyncIterable<Uint8Array>; bytes: number | undefined } | null
}

/** `body` is sent as JSON; `bytes` as they are; `stream` writes the rest itself and resolves when it is done. */
export type Answer = {
  status: number
  body?: unknown
  bytes?: Buffer | string
  stream?: (response: Response) => Promise<void>
  headers?: Record<string, string>
}

type Spec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Reach> = {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** Below `/api/v1`, as OpenAPI writes it: `/users/{id}`. */
  path: string
  scope: Scope
  reach: R
  tag: string
  summary: string
  params?: P
  query?: Q
  body?: B
  /** Media types of a file that may come instead of a JSON body. */
  file?: { types: readonly string[]; limitBytes: number }
  /** Media types of a body of any size, which the route takes as it comes and whose limit it sets itself. */
  upload?: readonly string[]
  /** What comes when it goes well: a JSON schema, or another media type. */
  answer: { status: number; body?: z.ZodType; type?: string }
  /**
   * What If-Match and If-None-Match are about: the resource as its GET shows it, read inside the caller's transaction.
   * A route that changes it does so as the tenant's only writer.
   */
  current?: (ask: Ask<z.output<P>, unknown, unknown, R>, client: Queryable) => Promise<unknown>
  handle: (ask: Ask<z.output<P>, z.output<Q>, z.output<B>, R>) => Promise<Answer>
}

export type Route = Spec<z.ZodType, z.ZodType, z.ZodType, Reach>

/** One route of the API as data: what is enforced is what the document says. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Reach>(
  spec: Spec<P, Q, B, R>,
): Route {
  return spec as unknown as Route
}
