import { AppError } from '../model/app-error.ts'
import type { BookShape } from './book/book.ts'
import type { Complaint } from './complaint.ts'
import type { Family, FamilyFile, GoldenCase, Template } from './family.ts'
import { familySchema, goldenSchema, type FamilyJson, type FormatJson } from './family-schema.ts'
import { accountsFormat } from './formats/accounts.ts'
import { forbidCharacters, type Format } from './formats/format.ts'
import { jsonFormat } from './formats/json.ts'
import { createLineFormat } from './formats/lines.ts'
import { vcardFormat } from './formats/vcard.ts'
import { xmlFormat } from './formats/xml.ts'
import { readLayer } from './layers.ts'
import { completeModels } from './models.ts'
import { compileTemplate } from './template.ts'

/** Texts of a family's folder by relative path: `family.json`, `device.eta`, `golden/full.json`, `golden/full/…`. */
export type FamilyTexts = ReadonlyMap<string, string>

/** Reads one family. `family` is null when a complaint makes it useless; complaints may also come with a family. */
export function readFamily(name: string, texts: FamilyTexts): { family: Family | null; complaints: Complaint[] } {
  const complaints: Complaint[] = []
  const complain = (code: string, message: string) => complaints.push({ family: name, code, message })
  try {
    const json = parseAs(familySchema, 'family.json', texts.get('family.json') ?? '')
    return { family: buildFamily(name, json, texts, complain), complaints }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    complain(error.code === 'family-invalid' ? 'schema' : error.code, error.message)
    return { family: null, complaints }
  }
}

type Complain = (code: string, message: string) => void
type Schema<T> = { safeParse: (value: unknown) => { success: true; data: T } | { success: false; error: SchemaError } }
type SchemaError = { issues: readonly { path: readonly PropertyKey[]; message: string }[] }

function parseAs<T>(schema: Schema<T>, place: string, text: string): T {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new AppError('family-invalid', `${place} is missing or not JSON`, { cause: error })
  }
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.message}`)
  throw new AppError('family-invalid', `${place}: ${faults.join('; ')}`)
}

function buildFamily(name: string, json: FamilyJson, texts: FamilyTexts, complain: Complain): Family {
  const formats = new Map(Object.entries(json.formats).map(([key, format]) => [key, createFormat(format)]))
  const files = json.files.map(readFile)
  const models = completeModels(json.models, complain)
  if (!models.has(json.fallbackModel))
    throw new AppError('family-invalid', `fallbackModel ${json.fallbackModel} is not a model`)
  return {
    name,
    displayName: json.displayName,
    maker: json.maker ?? json.displayName,
    ouis: json.ouis,
    userAgents: json.userAgents.map(({ pattern, examples }) => ({ pattern: new RegExp(pattern, 'i'), examples })),
    files,
    formats,
    values: new Map(Object.entries(json.values).map(([key, codes]) => [key, new Map(Object.entries(codes))])),
    supports: json.supports,
    sha256: json.sha256,
    resync: json.resync,
    dhcp: json.dhcp,
    installer: json.installer,
    pnp: json.pnp,
    link: json.link && readLink(json.link),
    certificate: json.certificate && { ...json.certificate, pattern: new RegExp(json.certificate.pattern, 'i') },
    httpLogin: json.httpLogin,
    encryption: json.encryption,
    rawName: json.raw ? new RegExp(json.raw.pattern) : null,
    rawExamples: json.raw?.examples ?? [],
    firmwareName: json.firmware ? new RegExp(json.firmware.files, 'i') : null,
    firmwareExamples: json.firmware?.examples ?? [],
    ringtone: json.ringtone,
    wallpaper: json.wallpaper,
    defaults: readLayer(json.defaults, { secretsAsText: true }),
    models,
    fallbackModel: json.fallbackModel,
    templates: compileTemplates(name, files, formats, texts),
    goldens: readGoldens(texts),
    paths: [...texts.keys()],
  }
}

function readLink({ picture, tap = picture }: NonNullable<FamilyJson['link']>): Family['link'] {
  return { picture, tap, needsAccount: `${picture}${tap}`.includes('{account}') }
}

function createFormat(json: FormatJson): Format {
  if (json.syntax === 'lines') return createLineFormat(json)
  if (json.syntax === 'xml') return forbidCharacters(xmlFormat, json.forbidden)
  return { json: jsonFormat, accounts: accountsFormat, vcard: vcardFormat }[json.syntax]
}

function readFile(file: FamilyJson['files'][number]): FamilyFile {
  const served = file.kind === 'absent' ? { template: '', format: '', contentType: '' } : file
  return {
    name: file.name,
    kind: file.kind,
    pattern: new RegExp(file.pattern, 'i'),
    examples: file.examples,
    template: served.template,
    format: served.format,
    contentType: served.contentType,
    ...(file.kind === 'book' && { book: readShape(file) }),
  }
}

function readShape(file: Extract<FamilyJson['files'][number], { kind: 'book' }>): BookShape {
  const { listed = null, most = null, page = null, flat = false, search = null } = file
  return { listed, most, page, flat, search }
}

function compileTemplates(
  family: string,
  files: readonly FamilyFile[],
  formats: ReadonlyMap<string, Format>,
  texts: FamilyTexts,
): Map<string, Template> {
  const templates = new Map<string, Template>()
  for (const file of files.filter(({ kind }) => kind !== 'absent')) {
    const source = texts.get(`${file.template}.eta`)
    const format = formats.get(file.format)
    if (source === undefined) throw new AppError('family-invalid', `${file.template}.eta is missing`)
    if (!format) throw new AppError('family-invalid', `${file.name} has the unknown format ${file.format}`)
    templates.set(file.template, compileTemplate(`${family}/${file.template}.eta`, source, format))
  }
  return templates
}

function readGoldens(texts: FamilyTexts): GoldenCase[] {
  const cases = [...texts.keys()].filter((path) => /^golden\/[^/]+\.json$/.test(path))
  return cases.map((path) => {
    const json = parseAs(goldenSchema, path, texts.get(path)!)
    const folder = `${path.slice(0, -'.json'.length)}/`
    const expected = [...texts].filter(([other]) => other.startsWith(folder))
    return {
      name: path,
      model: json.model,
      mac: json.mac,
      settings: readLayer(json.settings, { secretsAsText: true }),
      files: new Map(expected.map(([other, text]) => [other.slice(folder.length), text])),
    }
  })
}
