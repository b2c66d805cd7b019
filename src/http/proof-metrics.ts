import { Counter, Gauge, type Registry } from 'prom-client'
import type { ProofCount } from '../model/proof-count.ts'

/** What there is to know of how phones prove which one they are. */
export type PhoneProofs = {
  counts: readonly ProofCount[]
  /** Sources that tried too many MAC addresses. */
  spentSources: number
  /** When the certificate of the phones' listener ends; null: it has none. */
  tlsExpiresAt: Date | null
}

/** Adds their metrics to the registry; the result sets them. */
export function createProofMetrics(registry: Registry): (proofs: PhoneProofs) => void {
  const registers = [registry]
  const shown = new Counter({
    ...{ name: 'offhook_phone_proofs_total', help: 'Certificates and passwords that phones showed.', registers },
    labelNames: ['way', 'result'] as const,
  })
  const spent = new Gauge({
    ...{ name: 'offhook_phone_sources_limited', help: 'Sources that tried too many MAC addresses.', registers },
  })
  const expires = new Gauge({
    ...{ name: 'offhook_tls_expires_timestamp_seconds', help: 'When the certificate for phones ends.', registers },
  })
  return ({ counts, spentSources, tlsExpiresAt }) => {
    shown.reset()
    for (const { count, ...labels } of counts) shown.inc(labels, count)
    spent.set(spentSources)
    if (tlsExpiresAt) expires.set(tlsExpiresAt.getTime() / 1_000)
    else expires.remove()
  }
}
