import { readPeople } from '../src/import/read-people.ts'

/** Reads made-up files of 12 columns and prints how long that took; run by hand: `npm exec -- node bench/import-people.ts`. */
const ROUNDS = 7
const HEADER =
  'external_id;Nebenstelle;Vorname;Nachname;E-Mail;Standort;MAC-Adresse;Modell;Rufnummer;Voicemail-PIN;Gruppen;Sprache'

function makeFile(rows: number): Buffer {
  const lines = Array.from({ length: rows }, (_, index) => {
    const mac = `001565${index.toString(16).padStart(6, '0')}`
    const person = `p${index};${100_000 + index};Änne;von Berg ${index};anna.berg${index}@example.org;Berlin`
    return `${person};${mac};T46U;030 ${1_000_000 + index};${100_352 + index * 7};"Sales, Support";de`
  })
  return Buffer.from([HEADER, ...lines].join('\r\n'))
}

for (const rows of [10_000, 50_000]) {
  const file = makeFile(rows)
  const timesMs = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    readPeople(file, {
      known: { locations: ['Berlin', 'Wien'], models: ['T46U'] },
      defaults: [{ name: 'tenant', callingCode: '49', values: { timezone: 'Europe/Berlin' } }],
    })
    return Math.round(performance.now() - start)
  }).sort((left, right) => left - right)
  const [best, median, worst] = [timesMs[0]!, timesMs[Math.floor(ROUNDS / 2)]!, timesMs.at(-1)!]
  console.log(`${rows} rows, ${file.length} bytes: best ${best} ms, median ${median} ms, worst ${worst} ms`)
}
