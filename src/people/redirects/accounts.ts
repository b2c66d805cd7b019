import type pg from 'pg'
import { writeAudit } from '../../db/audit.ts'
import { inTransaction } from '../../db/pool.ts'
import {
  type CountedAccount,
  deleteRedirectAccount,
  insertRedirectAccount,
  leaveRedirectAccount,
  listRedirectAccounts,
  lockRedirectAccount,
  type LockedRedirectAccount,
  type RedirectAccount,
  type RedirectAddress,
  redirectPlace,
  updateRedirectAccount,
} from '../../db/redirect-accounts.ts'
import { countUnregistered } from '../../db/redirect-devices.ts'
import type { Tenant } from '../../db/tenants.ts'
import { AppError } from '../../model/app-error.ts'
import { Secret } from '../../model/secret.ts'
import { cloudOf, type CloudName } from '../../redirect/clouds.ts'
import { type Login, readCloudName, readLogin, readOptions } from '../../redirect/read-account.ts'
import type { PeopleDesk } from '../desk.ts'

export type AccountDraft = {
  service: string
  login: Readonly<Record<string, string>>
  options: Readonly<Record<string, string>>
  address?: RedirectAddress | undefined
}

/** In the order of their makers. */
export function listAccounts(desk: PeopleDesk, tenant: Tenant): Promise<CountedAccount[]> {
  return inTransaction(desk.pool, tenant.id, (client) => listRedirectAccounts(client, tenant.id))
}

/**
 * Keeps an account, its secrets sealed. Phones that come from now on are registered there; those that are there already
 * wait to be asked for: `unregistered` says how many.
 * @throws AppError `input-invalid`; `already-there` when the tenant has an account of this maker
 */
export async function addAccount(
  desk: PeopleDesk,
  tenant: Tenant,
  draft: AccountDraft,
  actor: string,
): Promise<{ account: RedirectAccount; unregistered: number }> {
  const name = readCloudName(draft.service)
  const [login, options] = [readLogin(name, draft.login), readOptions(name, draft.options)]
  const { maker, user, title } = cloudOf(name)
  const address = readAddress(name, draft.address ?? 'base')
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const account = await insertRedirectAccount(
      client,
      {
        ...{ tenantId: tenant.id, maker, service: name, username: nameUser(user, login), options, address },
        ...{ enabled: true, actor },
      },
      (id) => seal(desk, tenant, id, login),
    )
    if (!account) {
      const there = (await listRedirectAccounts(client, tenant.id)).find((one) => one.maker === maker)
      const name = there ? `account ${there.id} (${there.service})` : 'an account'
      throw new AppError(
        'already-there',
        `${tenant.slug} has ${name} of this maker already; two would tell the same phone two things. Change it, or remove it first: offhook redirect set|remove ${there?.id ?? 'ACCOUNT'}`,
      )
    }
    await note(client, tenant, actor, 'redirect-add', account.id, { service: title, address })
    return { account, unregistered: await countUnregistered(client, account.id) }
  })
}

export type AccountChange = {
  login?: Readonly<Record<string, string>> | undefined
  /** Those that are given; an empty one goes back to its default. */
  options?: Readonly<Record<string, string>> | undefined
  address?: RedirectAddress | undefined
  enabled?: boolean | undefined
}

/** What is not given stays. @throws AppError `redirect-unknown`, `input-invalid` */
export function changeAccount(
  desk: PeopleDesk,
  tenant: Tenant,
  accountId: number,
  change: AccountChange,
  actor: string,
): Promise<RedirectAccount> {
  return withAccount(desk, tenant, accountId, async (client, current) => {
    const name = readCloudName(current.service)
    const login = change.login && readLogin(name, change.login)
    const next = {
      username: login ? nameUser(cloudOf(name).user, login) : current.username,
      options: readOptions(name, { ...current.options, ...change.options }),
      address: readAddress(name, change.address ?? current.address),
      enabled: change.enabled ?? current.enabled,
      login: login ? seal(desk, tenant, accountId, login) : current.login,
    }
    const account = await updateRedirectAccount(client, accountId, next)
    const detail = { address: next.address, enabled: next.enabled, login: login !== undefined }
    await note(client, tenant, actor, 'redirect-change', accountId, detail)
    return account
  })
}

/**
 * Has the account's phones taken from the service and then goes; with `keep` it goes at once and leaves them there.
 * @returns how many phones are to be taken from the service first
 * @throws AppError `redirect-unknown`
 */
export function removeAccount(
  desk: PeopleDesk,
  tenant: Tenant,
  { accountId, keep }: { accountId: number; keep: boolean },
  actor: string,
): Promise<number> {
  return withAccount(desk, tenant, accountId, async (client) => {
    await note(client, tenant, actor, 'redirect-remove', accountId, { keep })
    if (!keep) return leaveRedirectAccount(client, accountId)
    await deleteRedirectAccount(client, accountId)
    return 0
  })
}

/** Runs `work` with the account held. @throws AppError `redirect-unknown` */
export function withAccount<T>(
  desk: PeopleDesk,
  tenant: Tenant,
  accountId: number,
  work: (client: pg.PoolClient, account: LockedRedirectAccount) => Promise<T>,
): Promise<T> {
  return inTransaction(desk.pool, tenant.id, async (client) => {
    const account = await lockRedirectAccount(client, tenant.id, accountId)
    if (!account)
      throw new AppError('redirect-unknown', `The tenant ${tenant.slug} has no redirect account ${accountId}.`)
    return work(client, account)
  })
}

async function note(
  client: pg.PoolClient,
  tenant: Tenant,
  actor: string,
  action: string,
  accountId: number,
  detail: Record<string, unknown>,
): Promise<void> {
  await writeAudit(client, { tenantId: tenant.id, actor, action, object: `redirect ${accountId}`, detail })
}

function seal({ vault }: PeopleDesk, { slug }: Tenant, id: number, login: Login): Buffer {
  const plain = Object.fromEntries(Object.entries(login).map(([field, secret]) => [field, secret.reveal()]))
  return vault.seal(new Secret(JSON.stringify(plain)), redirectPlace(slug, id))
}

/** A key that says whose account it is and lets in by itself is told by its last characters. */
function nameUser(user: string, login: Login): string {
  const value = login[user]!.reveal()
  return Object.keys(login).length === 1 ? `…${value.slice(-4)}` : value
}

function readAddress(name: CloudName, address: RedirectAddress): RedirectAddress {
  const { mayHoldToken, title } = cloudOf(name)
  if (address === 'token' && !mayHoldToken)
    throw new AppError('input-invalid', `${title} does not keep an address for each phone to itself: use address=base.`)
  return address
}
