import type { AmiClient } from '../asterisk/ami/client.ts'
import type { Boot } from '../boot/open-boot.ts'
import type { PeopleDesk } from '../people/desk.ts'
import type { Tenant } from '../db/tenants.ts'
import type { RedirectOffice } from '../jobs/place-redirects.ts'
import type { Family } from '../phones/family.ts'
import type pg from 'pg'
import type { Shelf } from '../store/shelf.ts'
import type { ExitCode, Output } from './output.ts'

/** What commands may use, each part opened when it is first asked for. Built by the composition root. */
export type App = {
  output: Output
  /** Who acts, for the history: the account that runs the command. */
  actor: string
  describeConfig(): { name: string; value: string | null }[]
  migrate(): Promise<string[]>
  /** Of the owner's login; holds its password. */
  databaseUrl(): Promise<string>
  families(): Promise<Family[]>
  /** Connections of the owner, for what concerns more than one tenant. */
  owner(): Promise<pg.Pool>
  desk(): Promise<PeopleDesk>
  /** Stored files; the folder is proven to be usable. */
  shelf(): Promise<Shelf>
  /** The tenant of `--tenant`; `default` is made when it is first used. */
  tenant(): Promise<Tenant>
  boot(): Promise<Boot>
  /** Where phones register: host or host:port. */
  sipHost(): string
  /** How phones reach their files, without a token. */
  phonesUrl(): string
  /** Folder of the makers' authorities; null: certificates of phones are not looked at. */
  deviceCaDir(): string | null
  /** How makers' redirect services are reached. */
  redirects(): Promise<RedirectOffice>
  /** Null when no OFFHOOK_AMI_URL is set. */
  ami(): AmiClient | null
  /** Tells Asterisk what is waiting for it, unless nobody can be reached now: then it stays in the outbox. */
  tellAsterisk(): Promise<void>
  /** Runs all listeners and jobs until the process is told to stop. */
  serve(): Promise<void>
}

/** Runs a command with the app opened for it, reports what fails, and sets the exit code. */
export type Run = (work: (app: App) => Promise<ExitCode>) => Promise<void>
