import type pg from 'pg'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AnswerCount } from '../boot/tally-answers.ts'
import { type Figure, readFigures } from '../db/figures.ts'
import type { Log } from '../model/log.ts'
import type { Answered } from './api/create-api.ts'
import { createProofMetrics, type PhoneProofs } from './proof-metrics.ts'
import { showFigures } from './show-figures.ts'

const BUCKETS_S = [0.005, 0.02, 0.1, 0.5, 2, 10]
/** Scrapers that come together are told the same. */
const KEEP_MS = 5_000
const TIMEOUT_MS = 2_000

export type Metrics = {
  /** For the API: how long an answer took. */
  observe: (answered: Answered) => void
  contentType: string
  /** All metrics in Prometheus' text format. */
  write: () => Promise<string>
}

/**
 * Metrics of this process, and figures of the database as they are when they are asked for. Where the database does not
 * tell them within two seconds, `offhook_figures_up` is 0 and they are left out.
 */
export function createMetrics(options: {
  /** Connections of the owner. */
  owner: pg.Pool
  answers: () => AnswerCount[]
  /** How many contacts of phones were answered and not noted. */
  dropped: () => number
  proofs: () => PhoneProofs
  log: Pick<Log, 'warn'>
}): Metrics {
  const { owner, answers, dropped, proofs, log } = options
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const durations = new Histogram({
    ...{ name: 'http_request_duration_seconds', help: 'How long requests of the API took.', registers },
    ...{ labelNames: ['route', 'method', 'status'] as const, buckets: BUCKETS_S },
  })
  const provisioned = new Counter({
    ...{ name: 'offhook_provision_requests_total', help: 'Requests of phones for their files.', registers },
    labelNames: ['family', 'result', 'transport'] as const,
  })
  const unnoted = new Counter({
    ...{ name: 'offhook_phone_contacts_dropped_total', help: 'Requests of phones that are in no story.', registers },
  })
  const writeProofs = createProofMetrics(registry)
  const up = new Gauge({ name: 'offhook_figures_up', help: 'Whether the database told its figures.', registers })
  const readOnce = keep(KEEP_MS, () => readOrWarn(owner, log))
  return {
    observe: ({ route, method, status, seconds }) => durations.observe({ route, method, status }, seconds),
    contentType: registry.contentType,
    async write() {
      const figures = await readOnce()
      provisioned.reset()
      for (const { count, ...labels } of answers()) provisioned.inc(labels, count)
      unnoted.reset()
      unnoted.inc(dropped())
      writeProofs(proofs())
      up.set(figures ? 1 : 0)
      return (await registry.metrics()) + (figures ? await showFigures(figures) : '')
    },
  }
}

async function readOrWarn(owner: pg.Pool, log: Pick<Log, 'warn'>): Promise<Figure[] | null> {
  try {
    return await readFigures(owner, TIMEOUT_MS)
  } catch (error) {
    log.warn({ error: (error as Error).message }, 'figures for /metrics could not be read')
    return null
  }
}

/** What `read` gave, for as long as it is fresh; those who come meanwhile share it. */
function keep<T>(keepMs: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { until: number; value: Promise<T> } | undefined
  return () => {
    const now = performance.now()
    if (!kept || now > kept.until) kept = { until: now + keepMs, value: read() }
    return kept.value
  }
}
