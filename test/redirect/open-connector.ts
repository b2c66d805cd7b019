import { lookup } from 'node:dns'
import { Secret } from '../../src/model/secret.ts'
import { type CloudName, cloudOf } from '../../src/redirect/clouds.ts'
import type { Connector } from '../../src/redirect/connector.ts'
import { readLogin, readOptions, urlOf } from '../../src/redirect/read-account.ts'
import type { Wire } from '../../src/redirect/wire.ts'

export const QUICK: Wire = {
  ...{ lookup, mayReach: () => true },
  ...{ timeoutMs: 400, pausesMs: [5, 10], paceMs: 0 },
}

/** A connector with the account of a fake, through what reads accounts of people. */
export function openConnector(
  name: CloudName,
  fake: { login: Record<string, string>; options: Record<string, string> },
  wire: Partial<Wire> = {},
): Connector {
  const options = readOptions(name, fake.options)
  const login = readLogin(name, fake.login)
  return cloudOf(name).connect({ url: urlOf(name, options), login, options }, { ...QUICK, ...wire })
}

export const OPEN = new AbortController().signal
export const HERE = new Secret('https://phones.example.org/')
