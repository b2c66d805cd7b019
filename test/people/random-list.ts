import fc from 'fast-check'

/** A cell: nothing, `-`, or one of few values, so that rows meet. */
function cell(values: readonly string[], weights = { value: 6, empty: 3, clear: 1 }): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: weights.value, arbitrary: fc.constantFrom(...values) },
    { weight: weights.empty, arbitrary: fc.constant('') },
    { weight: weights.clear, arbitrary: fc.constant('-') },
  )
}

/** A cell that names one of five things by the row's number, or, rarely, by another. */
function own(
  name: (n: number) => string,
  weights = { value: 6, empty: 3, clear: 1 },
): (n: number) => fc.Arbitrary<string> {
  return (n) =>
    fc.oneof(
      { weight: 40, arbitrary: cell([name(n)], weights) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map(name) },
    )
}

const always = { value: 1, empty: 0, clear: 0 }
const rarely = { value: 1, empty: 5, clear: 1 }

/** Columns by the number of the row's person; numbers and phones may be handed on, see `shift`. */
const COLUMNS = {
  extension: own((n) => `100${n}`, always),
  external_id: own((n) => `x${n}`, { value: 2, empty: 7, clear: 1 }),
  email: own((n) => `user${n}@example.org`),
  first_name: () => cell(['Ada', 'Ben', 'Cleo', 'O"Brien; ^5E', '<Sø\\n>']),
  last_name: () => cell(['Abel', 'Bell', 'Clark', "D'Arcy & Söhne"], always),
  location: () => cell(['Berlin', 'Paris'], rarely),
  caller_id: () => cell(['+493012345', '300'], rarely),
  did: own((n) => `+49301234500${n}`),
  mac: own((n) => `00156500000${n}`),
  model: () => cell(['T46U', 'GRP2614', 'Linphone'], always),
  line: () => cell(['1', '2'], { value: 1, empty: 12, clear: 1 }),
  voicemail_pin: () => cell(['24680', '135791'], { value: 1, empty: 4, clear: 0 }),
  voicemail_email: () => cell(['box@example.org'], rarely),
  pager: () => cell(['page@example.org'], rarely),
  telephony: () => cell(['yes', 'no'], rarely),
  sip_mode: () => cell(['builtin', 'webrtc', 'uri'], rarely),
  sip_uri: () => cell(['sip:door@192.0.2.7', 'sip:gate@pbx.example.org'], { value: 8, empty: 1, clear: 1 }),
  groups: () => cell(['sales, support', 'sales'], rarely),
  suspended: () => cell(['yes', 'no'], rarely),
  language: () => cell(['de', 'de-CH', 'fr'], rarely),
  timezone: () => cell(['Europe/Berlin'], rarely),
  password: () => cell(['correct-horse', 'battery-staple'], rarely),
} satisfies Record<string, (n: number) => fc.Arbitrary<string>>

type Column = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as Column[]
/** Without these most rows would only be refused. */
const NEEDED: readonly Column[] = ['extension', 'last_name', 'model']
const HANDED_ON: readonly Column[] = ['extension', 'did', 'mac']

export type RandomList = { header: string[]; rows: string[][] }

/** Lists of up to five people over the same few numbers, phones and addresses, with any of the columns. */
export const randomList: fc.Arbitrary<RandomList> = fc
  .record({
    people: fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }),
    shift: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    header: fc.subarray(NAMES).map((chosen) => NAMES.filter((name) => NEEDED.includes(name) || chosen.includes(name))),
  })
  .chain(({ people, shift, header }) => {
    const row = (person: number) => {
      const numberOf = (name: Column) => (HANDED_ON.includes(name) ? ((person + shift - 1) % 5) + 1 : person)
      return fc.tuple(...header.map((name) => COLUMNS[name](numberOf(name))))
    }
    return fc.tuple(...people.map(row)).map((rows) => ({ header, rows }))
  })

export function toCsv({ header, rows }: RandomList): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  return [header.join(','), ...rows.map((row) => row.map(quote).join(','))].join('\n')
}

/** The list without these rows; the first is 1. */
export function without(list: RandomList, left: ReadonlySet<number>): RandomList {
  return { header: list.header, rows: list.rows.filter((_, at) => !left.has(at + 1)) }
}
