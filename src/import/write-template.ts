import { PERSON_FIELDS, type PersonField } from '../model/person.ts'
import { describeFields, GENERAL_RULES } from './field-guide.ts'
import { writeTable } from './write-table.ts'
import { writeWorkbook } from './write-workbook.ts'

export type TemplateOptions = {
  /** The columns; all if absent. */
  fields?: readonly PersonField[] | undefined
  /** Names that exist at the tenant; the examples use the first ones. */
  roles: readonly string[]
  locations: readonly string[]
  /** Phone models; without one the examples have no phone. */
  models: readonly string[]
  groups: readonly string[]
  /** BCP 47, of the example people. */
  language?: string | undefined
}

const PEOPLE_SHEET = 'People'
const GUIDE_SHEET = 'Guidelines'
const CHOICES: Readonly<Partial<Record<PersonField, 'roles' | 'locations' | 'models' | 'groups'>>> = {
  role: 'roles',
  location: 'locations',
  model: 'models',
  groups: 'groups',
}
/** Lists longer than this are cut in the guidelines. */
const MAX_NAMED = 50

/**
 * Writes a file to fill in: canonical names, two people in the tenant's own words who can be imported as they are and,
 * in a workbook, a second sheet that says what each column means.
 */
export function writeTemplate(format: 'csv' | 'xlsx', options: TemplateOptions): Buffer {
  const fields = options.fields ?? PERSON_FIELDS
  const rows = [0, 1].map((index) => {
    const example = makeExample(index, options)
    return fields.map((field) => example[field] ?? '')
  })
  if (format === 'csv') return writeTable(fields, rows)
  return writeWorkbook([
    { name: PEOPLE_SHEET, header: fields, rows },
    { name: GUIDE_SHEET, ...writeGuide(fields, options) },
  ])
}

function writeGuide(fields: readonly PersonField[], options: TemplateOptions) {
  const rows = describeFields(fields).map(({ field, meaning, form, example }) => {
    const names = CHOICES[field] === undefined ? [] : options[CHOICES[field]]
    const list = names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ', …' : '')
    return [field, meaning, list === '' ? form : `${form}: ${list}`, names[0] ?? example]
  })
  const general = GENERAL_RULES.map((rule) => ['', rule])
  return { header: ['column', 'meaning', 'form', 'example'], rows: [...rows, ...general], widths: [18, 60, 60, 30] }
}

/** Two people who share nothing; what depends on names of the tenant is empty where it has none. */
function makeExample(index: number, options: TemplateOptions): Partial<Record<PersonField, string>> {
  const { roles, locations, models, groups, language = 'en' } = options
  const pick = (names: readonly string[]): string => names[Math.min(index, names.length - 1)] ?? ''
  const [first, last] = [
    ['Anna', 'Berg'],
    ['Otto', 'Kern'],
  ][index]!
  const email = `${first}.${last}@example.org`.toLowerCase()
  const number = `+4930123450${index + 1}`
  // Addresses for documentation (RFC 7042, 2.1.2) are no maker's, so they go with any model.
  const phone = models.length === 0 ? {} : { mac: `00005E00530${index + 1}`, model: pick(models), line: '1' }
  return {
    ...{ external_id: `P-100${index + 1}`, extension: `100${index + 1}`, first_name: first!, last_name: last! },
    ...{ email, username: email, role: pick(roles), location: pick(locations), caller_id: number, did: number },
    ...phone,
    ...{ voicemail_pin: ['8352', '4071'][index]!, voicemail_email: email, transcription: 'no', telephony: 'yes' },
    ...{ fax: 'no', sip_mode: 'builtin', authentication: 'default', groups: pick(groups).replaceAll(/[,;|]/g, ' ') },
    ...{ desk: `A-1${index + 1}`, tags: 'Team A', language, timezone: 'Europe/Berlin', suspended: 'no' },
  }
}
