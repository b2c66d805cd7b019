import { normaliseHeader } from '../../import/header-name.ts'
import type { ReadTable, TableRow } from '../../import/table.ts'
import { placeFault } from '../../model/fault.ts'
import type { Problem } from '../../model/problem.ts'
import { quote } from '../../model/quote.ts'
import { type Contact, type ContactField, readContact } from './contact.ts'

/** What columns of contacts are called, in lower case without blanks and accents. */
const HEADERS: Record<ContactField | 'first' | 'last' | 'company', string> = {
  name: 'name fullname displayname contact contactname kontakt nom nomcomplet nombre nombrecompleto naam nome nazwa',
  first: 'firstname givenname vorname prenom voornaam imie',
  last: 'lastname surname familyname nachname familienname nomdefamille apellido apellidos achternaam cognome nazwisko',
  company: 'company organization organisation firma unternehmen entreprise societe empresa bedrijf azienda',
  number: `number phone phonenumber telephone telephonenumber tel work workphone business businessphone office officephone
    rufnummer telefon telefonnummer geschaftlich numero telefono telefoon telefoonnummer`,
  mobile: `mobile mobilephone mobilenumber cell cellphone mobil mobiltelefon handy handynummer portable movil mobiel
    cellulare komorka`,
  home: 'home homephone homenumber private privat privatnummer domicile casa thuis dom other otherphone',
}
const FIELD_OF_HEADER = new Map(
  Object.entries(HEADERS).flatMap(([field, words]) => words.split(/\s+/).map((word) => [word, field] as const)),
)

export type ReadContacts = { contacts: { row: number; contact: Contact }[]; problems: Problem[]; ignored: string[] }

/**
 * Makes contacts of a table with a header. A name may stand in two columns, and a company beside it. Of two rows with one
 * name the second is a problem.
 */
export function readContacts({ header, rows, problems }: ReadTable): ReadContacts {
  const columns = new Map<string, number>()
  const ignored: string[] = []
  header.forEach((title, at) => {
    const field = FIELD_OF_HEADER.get(normaliseHeader(title))
    if (field !== undefined && !columns.has(field)) columns.set(field, at)
    else ignored.push(title)
  })
  const faults: Problem[] = [...problems, ...missingColumns(header, columns)]
  if (faults.some(({ row }) => row === 0)) return { contacts: [], problems: faults, ignored }
  const contacts: ReadContacts['contacts'] = []
  const seen = new Map<string, number>()
  for (const tableRow of rows) {
    const { row } = tableRow
    const read = readRow(tableRow, columns)
    if (read instanceof Map) {
      for (const [field, fault] of read) faults.push(placeFault(fault, row, field))
      continue
    }
    const before = seen.get(read.name)
    if (before === undefined) {
      seen.set(read.name, row)
      contacts.push({ row, contact: read })
    } else {
      const message = `${quote(read.name)} stands in row ${before} already`
      const suggestion = 'Put the numbers into one row, or add what tells the two apart'
      faults.push({ row, field: 'name', code: 'contact-twice', message, suggestion })
    }
  }
  return { contacts, problems: faults, ignored }
}

function readRow({ cells }: TableRow, columns: ReadonlyMap<string, number>): ReturnType<typeof readContact> {
  const cell = (field: string) => {
    const at = columns.get(field)
    return at === undefined ? '' : (cells[at]?.trim() ?? '')
  }
  const person = cell('name') || [cell('first'), cell('last')].filter(Boolean).join(' ')
  const company = cell('company')
  const name = person === '' ? company : company === '' ? person : `${person} (${company})`
  const [number, mobile, home] = [cell('number'), cell('mobile'), cell('home')]
  // Whoever has one number only can be reached by it, whichever column it stands in.
  if (number !== '') return readContact({ name, number, mobile, home })
  return mobile === '' ? readContact({ name, number: home }) : readContact({ name, number: mobile, home })
}

function missingColumns(header: readonly string[], columns: ReadonlyMap<string, number>): Problem[] {
  if (header.length === 0) return []
  const hasAny = (...fields: string[]) => fields.some((field) => columns.has(field))
  const missing = (field: ContactField): Problem => ({
    ...{ row: 0, field, code: 'column-missing', message: `No column is the ${field}` },
    suggestion: `Name one of them ${quote(field)} in the first line`,
  })
  return [
    ...(hasAny('name', 'first', 'last', 'company') ? [] : [missing('name')]),
    ...(hasAny('number', 'mobile', 'home') ? [] : [missing('number')]),
  ]
}
