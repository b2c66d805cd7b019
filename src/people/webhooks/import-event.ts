import type { WebhookEvent } from '../../model/webhook-event.ts'

/** What webhooks are told of an import: its number, where it came from, and how many. */
export function importEvent(
  type: 'import.planned' | 'import.completed' | 'import.undone',
  { id, source }: { id: number; source: string },
  counts: Readonly<Record<string, number>> | object,
): WebhookEvent {
  return { type, data: { import: { id, source, counts } } }
}
