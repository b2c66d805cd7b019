import type { Person } from '../model/person.ts'
import type { Complain } from './desire.ts'
import type { Row } from './row.ts'
import type { PlanRun } from './snapshot.ts'

type Kind = 'desk' | 'web' | 'uri'

/** `1001-acme`, `1001.web-acme`: the hint of a tenant's context covers exactly these suffixes. */
export function endpointName(number: string, kind: Kind, slug: string): string {
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
  const kinds = new Set<Kind>(wantedKinds(person, current))
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
      sip_uri: kind === 'uri' ? (dialledUri(person, extension, complain) ?? existing?.['sip_uri'] ?? null) : null,
    }
  })
}

function wantedKinds(person: Person, current: Row[]): Kind[] {
  if (person.sip_mode === undefined && current.length > 0) return current.map((endpoint) => endpoint['kind'] as Kind)
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

function dialledUri(person: Person, extension: Row, complain: Complain): string | null {
  if (person.sip_mode === 'pbx') {
    const device = person.pbx_device ?? extension['number']
    if (device && person.pbx_domain) return `sip:${String(device)}@${person.pbx_domain}`
    complain('pbx_domain', 'pbx-incomplete', 'the mode pbx needs pbx_domain and pbx_device', 'Fill in both.')
  }
  if (person.sip_mode === 'uri' && !person.sip_uri)
    complain('sip_uri', 'uri-missing', 'the mode uri needs sip_uri', 'Give an address such as sip:name@host.')
  return person.sip_uri ?? null
}
