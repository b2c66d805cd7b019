import type { PersonRows } from './person-rows.ts'
import type { Row } from './row.ts'
import type { PlanTenant } from './supply.ts'
import { tenantContext, type TableRow } from './asterisk-rows.ts'

/** Seconds between one round of phones and the next. */
const RETRY_SECONDS = 2

/** A group as Asterisk's queue, and the extension that leads into it. */
export function projectGroup(tenant: PlanTenant, group: Row): TableRow[] {
  const queue: TableRow = {
    table: 'asterisk.queues',
    row: {
      name: group['queue']!,
      strategy: group['strategy']!,
      timeout: group['ring_seconds']!,
      retry: RETRY_SECONDS,
      // Somebody who talks is not rung a second time.
      ringinuse: 'no',
    },
  }
  if (group['number'] === null) return [queue]
  const appdata = `offhook-queue,s,1(${String(group['queue'])},${String(group['timeout_seconds'])},)`
  const row: Row = {
    ...{ context: tenantContext(tenant.slug), exten: group['number']!, priority: 1, app: 'Gosub', appdata },
  }
  return [queue, { table: 'asterisk.extensions', row }]
}

/** What a queue dials for an account; see `offhook-member` in `asterisk/extensions.conf`. */
export function memberInterface(account: string): string {
  return `Local/${account}@offhook-member`
}

/**
 * A person's accounts as members of their queues. Through the dialplan context `offhook-member`, because chan_pjsip
 * alone rings the first contact of an account and leaves the person's other phones silent.
 */
export function projectMemberships({ memberships, groups, endpoints, extension }: PersonRows): TableRow[] {
  const queueOf = new Map(groups.map((group) => [group['id'], group['queue']!]))
  return memberships.flatMap((membership) =>
    endpoints.map((endpoint): TableRow => {
      const name = String(endpoint['name'])
      return {
        table: 'asterisk.queue_members',
        origin: `${String(membership['group_id'])}/${String(endpoint['id'])}`,
        row: {
          queue_name: queueOf.get(membership['group_id'])!,
          interface: memberInterface(name),
          membername: extension!['label']!,
          state_interface: `PJSIP/${name}`,
          penalty: membership['penalty']!,
          paused: null,
          reason_paused: null,
        },
      }
    }),
  )
}
