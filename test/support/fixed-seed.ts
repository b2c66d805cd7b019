import fc from 'fast-check'
import { countRuns } from './runs.ts'

// CI replays the same cases every time, so that a failure is a change's own; the soak draws new ones.
fc.configureGlobal({ seed: countRuns(20_261_122, Date.now() % 2 ** 31) })
