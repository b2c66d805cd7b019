import { Gauge, Registry } from 'prom-client'
import type { Figure } from '../db/figures.ts'

const SHOWN: Record<Figure['name'], { help: string; label?: string }> = {
  imports: { help: 'Imports by state.', label: 'state' },
  mails: { help: 'Mails by state.', label: 'state' },
  webhook_deliveries: { help: 'Deliveries to webhooks by state.', label: 'state' },
  devices: { help: 'Phones by family.', label: 'family' },
  redirects: { help: "Phones that makers' services are to know, by state.", label: 'state' },
  redirects_altered: { help: "Phones that makers' services were found to send somewhere else." },
  outbox_waiting: { help: 'What Asterisk is still to be told.' },
  password_faults: { help: 'Temporary passwords that cannot be opened with this key.' },
  endpoints_registered: { help: 'Accounts with a live registration.' },
}

/** Figures of the database as gauges in Prometheus' text format. */
export function showFigures(figures: readonly Figure[]): Promise<string> {
  const registry = new Registry()
  for (const [name, { help, label }] of Object.entries(SHOWN)) {
    const labelNames = label === undefined ? [] : [label]
    const gauge = new Gauge({ name: `offhook_${name}`, help, labelNames, registers: [registry] })
    for (const figure of figures.filter((each) => each.name === name))
      gauge.set(label === undefined ? {} : { [label]: figure.label }, figure.value)
  }
  return registry.metrics()
}
