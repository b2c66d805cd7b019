import { expect, test } from 'vitest'
import { countRuns } from '../support/runs.ts'
import { registerPeople } from './register-people.ts'

const PEOPLE = countRuns(300, 3_000)
const WITHIN_MS = 15_000

test.each([
  ['fifty at a time', 50],
  ['all at once, as after a power cut', PEOPLE],
])(
  `${PEOPLE} people imported into a running Asterisk register %s, each with a live state, a lamp and a queue that rings it`,
  async (_, outstanding) => {
    const report = await registerPeople({ people: PEOPLE, watched: 300, outstanding })
    expect(report.registration.failed).toEqual([])
    expect(report.registration.registered).toBe(PEOPLE)
    expect(report.registration.durationMs).toBeLessThan(WITHIN_MS)
    expect(report.live).toEqual({ ours: PEOPLE, asterisk: PEOPLE })
    expect(report.lamps).toBe(300)
    expect(report.rung).toBe(PEOPLE)
  },
  180_000,
)
