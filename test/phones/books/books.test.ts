import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunningListener } from '../../../src/http/listening.ts'
import { startPhonesListener } from '../../../src/http/phones-listener.ts'
import { importContacts } from '../../../src/people/contacts/import-contacts.ts'
import { openSite, type Site } from '../../boot/open-site.ts'
import { findFreePorts } from '../../support/asterisk/ports.ts'
import { families } from '../shipped.ts'
import { fillCiscoInput, readCiscoDirectory, readCiscoMenu, readGigasetList, type ShownBook } from './read-books.ts'
import { BOOK_READERS, type BookReader, type FetchBytes } from './readers.ts'

/** Names that a phone must show as they are: markup, quotes, other scripts, whatever templates and shells read. */
const HOSTILE = [
  `O"Brien & <Söhne>; 'x', \\y`,
  ']]> --> <!-- &amp; &#10;',
  '</DirectoryEntry></directory><item>',
  '"},{"contactId":"x"},{"',
  'END:VCARD;N:\\,;',
  '😀 👩‍👩‍👧 Ünïcödé',
  'עברית דוגמה',
  'محمد علي',
  '{{7*7}}<%= 7*7 %>${id}',
  'zV0Vz zV1Vz',
]
const OWN_NUMBER = 2000
/** More than any page holds. */
const COLLEAGUES = 90

let site: Site
let http: RunningListener

beforeAll(async () => {
  const port = await findFreePorts(1)
  site = await openSite(() => Promise.resolve({ phonesUrl: `http://127.0.0.1:${port}` }))
  const common = { address: '127.0.0.1', port, answer: site.boot.answer, log: site.log }
  http = await startPhonesListener({ ...common, writeAccess: () => undefined })
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  const owners = BOOK_READERS.map(({ mac, model }, at) => `${OWN_NUMBER + at},Jo,Doe${at},u${at},${mac ?? ''},${model}`)
  const people = HOSTILE.map((name, at) => `${3000 + at},,${quote(name)},h${at},,`)
  const colleagues = Array.from(
    { length: COLLEAGUES },
    (_, at) => `${4000 + at},Colleague,${String(at).padStart(2, '0')},c${at},,`,
  )
  const rows = [...owners, ...people, ...colleagues].join('\n')
  const { problems } = await site.importPeople(`extension,first_name,last_name,username,mac,model\n${rows}\n`)
  expect(problems).toEqual([])
  const contacts = Buffer.from('name,number,mobile,home\nPlumber,+49 30 123,0170 4,\n')
  await importContacts(
    site.desk,
    site.desk.acme,
    { source: { kind: 'file', bytes: contacts }, actor: 't' },
    { apply: true },
  )
  // What no form takes can still stand in a database: it must not end a line, and must not turn the number around.
  await site.database.query(
    `insert into offhook.contacts (tenant_id, name, number) values ($1, E'Line\\nbreak \\u202eesrever', '999')`,
    [site.desk.acme.id],
  )
})
afterAll(async () => {
  await http.close()
  await site.close()
})

const fetchBytes: FetchBytes = async (url) => {
  const response = await fetch(url, { headers: { connection: 'close' } })
  if (response.status !== 200) throw new Error(`${url} is not there`)
  return Buffer.from(await response.arrayBuffer())
}

async function homeOf(reader: BookReader): Promise<string> {
  const name = reader.mac ?? `u${BOOK_READERS.indexOf(reader)}/${reader.family}`
  return `http://127.0.0.1:${http.port}/${await site.tokenOf(name)}/`
}

/** Boots as far as the file that names the phonebook, and turns every page. */
async function readWhole(reader: BookReader): Promise<ShownBook['entries']> {
  const home = await homeOf(reader)
  let next: string | null = await reader.find(await fetchBytes(home + reader.config), home, fetchBytes)
  const entries: ShownBook['entries'] = []
  while (next !== null) {
    const page: ShownBook = reader.read(await fetchBytes(next), next)
    entries.push(...page.entries)
    next = page.next
  }
  return entries
}

it.each(BOOK_READERS.map((reader) => [reader.family, reader] as const))(
  'a %s phone finds its colleagues in the book that its configuration names',
  async (_, reader) => {
    const entries = await readWhole(reader)
    const numbers = new Map(entries.map((entry) => [entry.name, entry.numbers]))
    expect(numbers.size).toBe(entries.length)
    expect(numbers.get('Colleague 07')).toEqual(['4007'])
    HOSTILE.forEach((name, at) => expect(numbers.get(name), name).toEqual([String(3000 + at)]))
    expect(numbers.get('Line break esrever')).toEqual(['999'])
    const plumber = [numbers.get('Plumber'), numbers.get('Plumber (2)')].flatMap((list) => list ?? [])
    // A phone that knows one number of everybody shows at least the first.
    expect(plumber).toEqual(reader.family === 'poly' ? ['+4930123'] : ['+4930123', '01704'])
    expect(entries.length).toBe(BOOK_READERS.length + HOSTILE.length + COLLEAGUES + (reader.flat ? 3 : 2))
  },
)

it('every family with a phonebook is proved here', () => {
  const withBook = families.filter(({ files }) => files.some(({ kind }) => kind === 'book')).map(({ name }) => name)
  expect(BOOK_READERS.map(({ family }) => family).sort()).toEqual(withBook.sort())
})

it('a Cisco phone looks a name up', async () => {
  const reader = BOOK_READERS.find(({ family }) => family === 'cisco-sep')!
  const home = await homeOf(reader)
  const menu = readCiscoMenu(await fetchBytes(`${home}directories.xml`))
  const form = await fetchBytes([...menu.values()][1]!)
  const search = async (text: string) => readCiscoDirectory(await fetchBytes(fillCiscoInput(form, text)))
  expect((await search('coll 07')).entries).toEqual([{ name: 'Colleague 07', numbers: ['4007'] }])
  expect((await search('unicode')).entries).toEqual([{ name: '😀 👩‍👩‍👧 Ünïcödé', numbers: ['3005'] }])
  expect((await search('<script>nobody')).entries).toEqual([])
  expect((await search('c')).entries).toHaveLength(32)
})

it('a Gigaset base looks names and numbers up, and turns pages', async () => {
  const home = await homeOf(BOOK_READERS.find(({ family }) => family === 'gigaset-n')!)
  const ask = async (query: string) => readGigasetList(await fetchBytes(`${home}phonebook.xml?${query}`))
  expect(await ask('command=get_list&type=pb&ln=Doe0*&first=1&count=10')).toMatchObject({
    ...{ total: 1, first: 1, last: 1, entries: [{ name: 'Jo Doe0', numbers: ['2000'] }] },
  })
  expect(await ask('command=get_list&type=pb&hm=4007')).toMatchObject({ total: 1, entries: [{ name: 'Colleague 07' }] })
  expect(await ask('command=get_list&type=pb&hm=400')).toMatchObject({ total: 0, entries: [] })
  const page = await ask('command=get_list&type=pb&fn=colleague*&first=11&count=5')
  expect([page.total, page.first, page.last]).toEqual([COLLEAGUES, 11, 15])
  expect(page.entries[0]).toEqual({ name: 'Colleague 10', numbers: ['4010'] })
  expect((await ask('?command=get_list&type=pb&ln=*&first=1&count=999999')).entries).toHaveLength(100)
})

it('refuses a page that is not there, and another name', async () => {
  const home = await homeOf(BOOK_READERS.find(({ family }) => family === 'cisco-sep')!)
  for (const file of ['directory-99.xml', 'directory-0.xml', 'directory-.xml', 'x/directory.xml', 'phonebook.xml'])
    await expect(fetchBytes(home + file)).rejects.toThrow('is not there')
})
