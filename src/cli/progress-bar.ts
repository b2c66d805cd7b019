import type { ImportProgress } from '../db/import-progress.ts'

const WIDTH = 30
const EVERY_MS = 100

export type ProgressBar = { show: (progress: ImportProgress) => void; end: () => void }

/** Draws how far an import is on a terminal; says nothing elsewhere. */
export function createProgressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let shownAt = -Infinity
  return {
    show({ phase, done, total }) {
      const now = performance.now()
      if (!stream.isTTY || now - shownAt < EVERY_MS) return
      shownAt = now
      const filled = total === 0 ? 0 : Math.round((done / total) * WIDTH)
      stream.write(`\r${phase.padEnd(9)} [${'#'.repeat(filled).padEnd(WIDTH)}] ${done} of ${total}`)
    },
    end() {
      if (stream.isTTY && shownAt > 0) stream.write('\r\u001b[K')
    },
  }
}
