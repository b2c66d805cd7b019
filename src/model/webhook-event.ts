/** What webhooks are told of. */
export const EVENT_TYPES = [
  'user.created',
  'user.changed',
  'user.removed',
  'device.added',
  'device.removed',
  'import.planned',
  'import.completed',
  'import.failed',
  'import.undone',
  'rollout.stopped',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** What happened. `data` goes to third parties: identifiers, names and numbers, never a secret. */
export type WebhookEvent = { type: EventType; data: Readonly<Record<string, unknown>> }

export function isEventType(text: string): text is EventType {
  return (EVENT_TYPES as readonly string[]).includes(text)
}
