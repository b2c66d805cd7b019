import type { Change } from '../../plan/change.ts'
import type { Row } from '../../plan/row.ts'

/** More people or devices than this at once are told of by counts alone: see `import.completed`. */
export const MOST_EVENTS = 100

export type CollectedEvents = {
  users: ReadonlyMap<number, { type: 'user.created' | 'user.changed' | 'user.removed'; row: Row | null }>
  /** Extensions with which something happened: their users are changed too. */
  extensionIds: readonly number[]
  /** Numbers of who was removed, by user. */
  freed: ReadonlyMap<number, string[]>
  devices: readonly { type: 'device.added' | 'device.removed'; row: Row }[]
}

/** Gathers from changes what happened to people and devices; null once it was too much to be told one by one. */
export function startEvents() {
  const users = new Map<number, { type: 'user.created' | 'user.changed' | 'user.removed'; row: Row | null }>()
  const freed = new Map<number, string[]>()
  const extensionIds = new Set<number>()
  const devices: { type: 'device.added' | 'device.removed'; row: Row }[] = []
  let folded = false

  const addUser = ({ key, before, after }: Change) => {
    const type = before ? (after ? 'user.changed' : 'user.removed') : 'user.created'
    const isNew = users.get(Number(key))?.type === 'user.created'
    if (!isNew || !after) users.set(Number(key), { type, row: before })
  }
  const touch = (row: Row | null) => {
    const userId = Number(row?.['user_id'] ?? 0)
    if (userId > 0 && !users.has(userId)) users.set(userId, { type: 'user.changed', row: null })
    const extensionId = Number(row?.['extension_id'] ?? 0)
    if (extensionId > 0) extensionIds.add(extensionId)
  }
  const addOne = (change: Change) => {
    const { table, before, after } = change
    if (table === 'offhook.users') addUser(change)
    else {
      touch(before)
      touch(after)
    }
    if (table === 'offhook.devices' && (before === null) !== (after === null))
      devices.push({ type: before ? 'device.removed' : 'device.added', row: (before ?? after)! })
    const owner = Number(before?.['user_id'] ?? 0)
    if (table === 'offhook.extensions' && before && !after && owner > 0)
      freed.set(owner, [...(freed.get(owner) ?? []), String(before['number'])])
  }
  return {
    add(changes: readonly Change[]): void {
      if (folded) return
      changes.forEach(addOne)
      if (Math.max(users.size, devices.length) <= MOST_EVENTS) return
      folded = true
      for (const each of [users, extensionIds, freed]) each.clear()
      devices.length = 0
    },
    take: (): CollectedEvents | null => (folded ? null : { users, extensionIds: [...extensionIds], freed, devices }),
  }
}

export type EventCollector = ReturnType<typeof startEvents>
