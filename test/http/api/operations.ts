import type { OpenApi } from './open-api.ts'

export type Operation = {
  method: string
  /** As in the document. */
  path: string
  scope: string
  reach: 'tenant' | 'installation' | 'either'
  parameters: { name: string; in: string; required?: boolean; schema: object }[]
  /** By media type. */
  body: Record<string, { schema: object }>
  responses: Record<string, object>
}

type Json = Record<string, unknown>

const REDIRECT = { service: 'poly-ztp', login: { 'api-key': 'a-key-of-poly' } }
const HOOK = { url: 'https://crm.example.org/', events: ['user.created'] }

/** Everything that the served document describes; deletions last, so that others find what they work on. */
export async function readOperations(api: OpenApi): Promise<Operation[]> {
  const { body } = await api.ask(null, 'GET', '/api/openapi.json')
  const operations = Object.entries(body['paths'] as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, each]) => ({
      ...{ method: method.toUpperCase(), path, reach: each['x-offhook-reach'] as Operation['reach'] },
      scope: (each['security'] as [{ token: [string] }])[0].token[0],
      parameters: each['parameters'] as Operation['parameters'],
      body: ((each['requestBody'] as Json | undefined)?.['content'] ?? {}) as Operation['body'],
      responses: each['responses'] as Operation['responses'],
    })),
  )
  // A person takes their phone along, and a phone what is its own.
  const rank = ({ method, path }: Operation) =>
    method !== 'DELETE' || path.endsWith('/settings')
      ? 0
      : path.includes('/users/')
        ? 3
        : path.endsWith('/devices/{device}')
          ? 2
          : 1
  return operations.toSorted((a, b) => rank(a) - rank(b))
}

/** A phone in no list, from where acme lets phones be claimed. */
export async function addWaiting(api: OpenApi): Promise<number> {
  const { rows } = await api.database.query(
    `insert into offhook.waiting_phones (mac, address, first_at, last_at, contacts, transport, file, user_agent, outcome)
     values ('0015650000fe', '192.0.2.7', now(), now(), 1, 'http', 'x.cfg', '', 'not-released') returning id`,
  )
  return (rows[0] as { id: number }).id
}

/** Files of the store, as rows: what is in them matters to nobody here. */
async function addStored(api: OpenApi): Promise<Json> {
  const { rows } = await api.database.query(
    `with image as (insert into offhook.firmware_images (tenant_id, family, version)
       values ($1::bigint, 'yealink', '1.0') returning id),
     other as (insert into offhook.firmware_images (tenant_id, family, version)
       values ($1::bigint, 'yealink', '2.0') returning id),
     rollout as (insert into offhook.firmware_rollouts (tenant_id, family, image_id, percentage)
       select $1, 'yealink', id, 5 from other returning id),
     asset as (insert into offhook.assets (tenant_id, kind, name, sha256, bytes, format)
       values ($1, 'ringtone', 'office', sha256(''), 1, 'wav') returning id)
     select image.id as firmware, rollout.id as rollouts, asset.id as assets from image, rollout, asset`,
    [api.desk.acme.id],
  )
  return rows[0] as Json
}

/** One of everything that addresses name, made for acme by API. */
export async function makeOneOfEach(api: OpenApi): Promise<(operation: Operation) => string> {
  const token = await api.token(api.desk.acme.id, 'admin')
  const make = async (path: string, body: object): Promise<Json> => {
    const answer = await api.ask(token, 'POST', path, body)
    if (answer.status > 299) throw new Error(answer.text)
    return answer.body
  }
  const mac = '001565abcd02'
  const user = (await make('/users', { extension: '2001', first_name: 'Ida', mac, model: 'T46U' }))['user'] as Json
  const ids = {
    users: user['id'],
    dids: (await make('/dids', { number: '+49301234511' }))['id'],
    locations: (await make('/locations', { name: 'Berlin' }))['id'],
    profiles: (await make('/profiles', { name: 'Lobby' }))['id'],
    contacts: (await make('/contacts', { name: 'Plumber', number: '+49301234567' }))['id'],
    roles: (await make('/roles', { name: 'agent' }))['id'],
    groups: (await make('/groups', { name: 'Sales' }))['id'],
    tokens: ((await make('/tokens', { name: 'other', scopes: ['people:read'] }))['record'] as Json)['id'],
    webhooks: ((await make('/webhooks', HOOK))['webhook'] as Json)['id'],
    redirects: ((await make('/redirects', REDIRECT))['account'] as Json)['id'],
    'claim-codes': (await make('/claim-codes', { networks: ['192.0.2.0/24'] }))['id'],
    'waiting-phones': await addWaiting(api),
    ...(await addStored(api)),
    imports: (await make('/imports', { rows: [{ extension: '2002', first_name: 'Jo' }] }))['id'],
  }
  await make('/trunks', { name: 'carrier', match: '192.0.2.1' })
  return ({ path }) => {
    const resource = path.split('/')[3]!
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const id = (ids as Record<string, unknown>)[resource] as number | undefined
      const value = ({ device: mac, name: 'carrier', row: 1, id } as Record<string, string | number | undefined>)[name]
      if (value === undefined) throw new Error(`no ${name} for ${path}`)
      return String(value)
    })
  }
}
