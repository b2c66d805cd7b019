import { parse } from 'csv-parse/sync'
import { readPeople } from '../test/import/read-people.ts'
import type { BenchResult } from './result.ts'

const PEOPLE = 50_000
const ROUNDS = 5
const LEAST_RATIO = 0.15
const HEADER =
  'external_id;Nebenstelle;Vorname;Nachname;E-Mail;Standort;MAC-Adresse;Modell;Rufnummer;Voicemail-PIN;Gruppen;Sprache'

/** 50,000 people from bytes to checked values, beside the parser below that only cuts the same bytes into cells. */
export function run(): Promise<BenchResult[]> {
  const file = writeFile()
  const ours: number[] = []
  const peer: number[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const oursS = measure(() => {
      const { people, problems } = readPeople(file, {
        known: { locations: ['Berlin', 'Wien'], models: ['T46U'] },
        defaults: [{ name: 'tenant', rules: { calling_code: '49' }, values: { timezone: 'Europe/Berlin' } }],
      })
      if (people.length !== PEOPLE || problems.length > 0) throw new Error('the people of the bench have problems')
    })
    const peerS = measure(() => parse(file, { delimiter: ';', relaxColumnCount: true }))
    // The first round only warms up.
    if (round >= 0) {
      ours.push(PEOPLE / oursS)
      peer.push(PEOPLE / peerS)
    }
  }
  const ratio = median(ours.map((rate, round) => rate / peer[round]!))
  const name = `reading and checking ${PEOPLE} people against csv-parse, which only reads`
  return Promise.resolve([
    {
      ...{ name, ours: median(ours), peer: median(peer), unit: 'people/s', ratio },
      ...{ bar: `>= ${LEAST_RATIO}`, pass: ratio >= LEAST_RATIO },
    },
  ])
}

function writeFile(): Buffer {
  const lines = Array.from({ length: PEOPLE }, (_, index) => {
    const mac = `001565${index.toString(16).padStart(6, '0')}`
    const person = `p${index};${100_000 + index};Änne;von Berg ${index};anna.berg${index}@example.org;Berlin`
    return `${person};${mac};T46U;030 ${1_000_000 + index};248163;"Sales, Support";de`
  })
  return Buffer.from([HEADER, ...lines].join('\r\n'))
}

/** Seconds. */
function measure(work: () => unknown): number {
  const startedMs = performance.now()
  work()
  return (performance.now() - startedMs) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
