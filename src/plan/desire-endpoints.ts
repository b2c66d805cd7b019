import type { Person } from '../model/person.ts'
import type { Complain } from './desire.ts'
import type { Row, Value } from './row.ts'
import type { PlanRun } from './snapshot.ts'

export const ENDPOINT_KINDS = ['desk', 'web', 'uri'] as const

export type EndpointKind = (typeof ENDPOINT_KINDS)[number]

type Address = Record<'sip_uri' | 'pbx_domain' | 'pbx_device', Value>

const NO_ADDRESS: Address = { sip_uri: null, pbx_domain: null, pbx_device: null }

/** `1001-acme`, `1001.web-acme`: the hint of a tenant's context covers exactly these suffixes. */
export function endpointName(number: string, kind: EndpointKind, slug: string): string {
  return kind === 'desk' ? `${number}-${slug}` : `${number}.${kind}-${slug}`
}

/** The accounts that ring for an extension. Somebody without telephony keeps the extension and its mailbox only. */
export function desireEndpoints(
  person: Person,
  current: Row[],
  user: Row,
  extension: Row,
  run: PlanRun,
  complain: Complain,
): Row[] {
  if (user['telephony'] === false) return []
  const kinds = new Set<EndpointKind>(wantedKinds(person, current))
  if (person.mac) kinds.add('desk')
  return [...kinds].map((kind) => {
    const existing = current.find((endpoint) => endpoint['kind'] === kind)
    return {
      id: existing?.['id'] ?? run.supply.nextId(),
      tenant_id: run.tenant.id,
      extension_id: extension['id']!,
      name: endpointName(String(extension['number']), kind, run.tenant.slug),
      kind,
      secret: kind === 'uri' ? null : (existing?.['secret'] ?? run.supply.sipSecret()),
      ...(kind === 'uri' ? chooseAddress(person, extension, existing, complain) : NO_ADDRESS),
    }
  })
}

function wantedKinds(person: Person, current: Row[]): EndpointKind[] {
  if (person.sip_mode === undefined && current.length > 0)
    return current.map((endpoint) => endpoint['kind'] as EndpointKind)
  switch (person.sip_mode) {
    case 'webrtc':
      return ['web']
    case 'uri':
    case 'pbx':
      return ['uri']
    default:
      return ['desk']
  }
}

/** What the extension dials: an address, or a device of another PBX, of which the address is made. */
function chooseAddress(person: Person, extension: Row, existing: Row | undefined, complain: Complain): Address {
  if (person.sip_mode === 'pbx') {
    const [device, domain] = [person.pbx_device ?? extension['number'], person.pbx_domain]
    if (device && domain)
      return { sip_uri: `sip:${String(device)}@${domain}`, pbx_domain: domain, pbx_device: String(device) }
    complain('pbx_domain', 'pbx-incomplete', 'the mode pbx needs pbx_domain and pbx_device', 'Fill in both.')
  }
  if (person.sip_mode === 'uri' && !person.sip_uri)
    complain('sip_uri', 'uri-missing', 'the mode uri needs sip_uri', 'Give an address such as sip:name@host.')
  if (person.sip_uri) return { ...NO_ADDRESS, sip_uri: person.sip_uri }
  const { sip_uri = null, pbx_domain = null, pbx_device = null } = existing ?? {}
  return { sip_uri, pbx_domain, pbx_device }
}
