import { AppError } from '../../model/app-error.ts'
import { Secret } from '../../model/secret.ts'
import type { Complaint } from '../complaint.ts'
import { describeSettings } from '../describe-settings.ts'
import { findModel, type Family, type FamilyFile, type Model } from '../family.ts'
import { parseMac } from '../../model/mac.ts'
import { readCertificateMac } from '../certificate-mac.ts'
import { baseLayers, resolveSettings } from '../layers.ts'
import { render, renderBootstrap } from '../render.ts'
import { LINE_WIDE_NAMES } from '../settings.ts'
import { lintBooks, renderSampleBook } from './lint-books.ts'
import { sampleMac, sampleSettings } from './samples.ts'

type Complain = (code: string, message: string) => void

/** Proves one family: its patterns on their examples, every model through every template, its golden files. */
export function lintFamily(family: Family): Complaint[] {
  const complaints: Complaint[] = []
  const complain: Complain = (code, message) => complaints.push({ family: family.name, code, message })
  if (!family.supports.includes('provisioningUrl') && !family.installer)
    complain('address-unsaid', 'no file says provisioningUrl, and no "installer" what to do at the phone instead')
  lintPatterns(family, complain)
  lintTemplates(family, complain)
  lintModels(family, complain)
  lintReads(family, complain)
  lintBooks(family, complain)
  lintGoldens(family, complain)
  return complaints
}

function lintPatterns(family: Family, complain: Complain): void {
  for (const file of family.files) {
    for (const example of file.examples) {
      const match = file.pattern.exec(example)
      if (!match) complain('pattern-example', `${file.name} does not match its example ${example}`)
      else if (match.groups?.mac !== undefined && parseMac(match.groups.mac) === null)
        complain('pattern-example', `${file.name} takes no MAC address out of ${example}`)
      if (file.pattern.test(`x/../${example}`)) complain('pattern-loose', `${file.name} also matches other folders`)
    }
  }
  for (const { pattern, examples } of family.userAgents) {
    for (const example of examples) {
      const groups = pattern.exec(example.text)?.groups
      const wrong = (['model', 'firmware'] as const).filter((name) => groups?.[name] !== example[name])
      if (!groups || wrong.length > 0 || parseMac(groups.mac ?? '') !== (example.mac ?? null))
        complain('pattern-example', `${JSON.stringify(example.text)} is not read as its example says`)
    }
  }
  lintCertificate(family, complain)
  for (const name of family.rawExamples) {
    if (!family.rawName?.test(name)) complain('pattern-example', `raw does not match its example ${name}`)
  }
  for (const name of family.firmwareExamples) {
    if (!family.firmwareName?.test(name)) complain('pattern-example', `firmware does not match its example ${name}`)
  }
}

function lintCertificate({ certificate }: Family, complain: Complain): void {
  if (!certificate) return
  const { field, examples, generic } = certificate
  for (const text of examples)
    if (readCertificateMac(certificate, text) === null)
      complain('certificate-example', `certificate takes no MAC address out of ${field}=${text}`)
  for (const text of generic)
    if (readCertificateMac(certificate, text) !== null)
      complain('certificate-example', `certificate takes ${field}=${text}, which many phones share, for one phone's`)
}

function lintTemplates(family: Family, complain: Complain): void {
  for (const [name, { source }] of family.templates) {
    if (source.includes('<%~')) complain('template-raw', `${name}.eta writes a value without escaping it`)
  }
  const formats = new Map<string, string>()
  for (const file of family.files.filter(({ kind }) => kind !== 'absent')) {
    const format = formats.get(file.template)
    if (format !== undefined && format !== file.format)
      complain('template-formats', `${file.template}.eta is used with two formats`)
    formats.set(file.template, file.format)
  }
  const unused = family.paths.filter((path) => path.endsWith('.eta') && !formats.has(path.slice(0, -'.eta'.length)))
  for (const path of unused) complain('template-unused', `No file uses ${path}`)
  if (!family.paths.includes('NOTES.md')) complain('notes-missing', 'NOTES.md does not say where the facts come from')
}

function lintWords(family: Family, model: Model, complain: Complain): void {
  const unknown = (map: string, words: readonly string[]) => words.filter((word) => !family.values.get(map)?.has(word))
  for (const word of [
    ...unknown('codec', model.codecs),
    ...unknown('transport', model.transports),
    ...unknown('srtp', model.srtp),
    ...unknown('keyKind', model.keyKinds),
  ])
    complain('model-value', `${model.name} has ${word}, which "values" does not know`)
}

function lintModels(family: Family, complain: Complain): void {
  for (const model of family.models.values()) {
    lintWords(family, model, complain)
    forEachSample(family, model, (sample, run) => {
      attempt(complain, 'render', `${model.name}, ${sample}`, () => run(() => undefined))
    })
  }
  for (const file of family.files.filter(({ kind }) => kind === 'bootstrap')) {
    attempt(complain, 'render', file.name, () =>
      renderBootstrap(family, file, new Secret('https://phones.example.org/')),
    )
  }
}

/** The table of capabilities must be what the templates really read: neither a promise nor an omission. */
function lintReads(family: Family, complain: Complain): void {
  const known = new Set(describeSettings().map(({ name }) => name))
  const read = new Set<string>()
  for (const model of family.models.values()) {
    forEachSample(family, model, (_, run) => {
      attempt(
        () => undefined,
        '',
        '',
        () => run((name) => read.add(toSetting(name))),
      )
    })
  }
  for (const file of family.files.filter(({ kind }) => kind === 'bootstrap')) {
    attempt(
      () => undefined,
      '',
      '',
      () =>
        renderBootstrap(family, file, new Secret('https://phones.example.org/'), (name) => read.add(toSetting(name))),
    )
  }
  if (family.files.some(({ kind }) => kind === 'book')) read.add('companyPhonebook')
  if (family.encryption) read.add('encryptFiles')
  const settings = [...read].filter((name) => known.has(name))
  for (const name of settings) {
    if (!family.supports.includes(name)) complain('supports-missing', `A template reads ${name}, "supports" lacks it`)
  }
  for (const name of family.supports) {
    if (!known.has(name)) complain('supports-unknown', `"supports" names ${name}, which is not a setting`)
    else if (!read.has(name)) complain('supports-unused', `"supports" names ${name}, which no template reads`)
  }
}

/** Maps what templates call things to the name of the setting behind it. */
function toSetting(read: string): string {
  if (/^provisioning(?:Scheme|Path)$/.test(read)) return 'provisioningUrl'
  if (read.startsWith('clock')) return 'timezone'
  const line = /^lines\.(.+)$/.exec(read)?.[1]
  return LINE_WIDE_NAMES.some((name) => name === line) ? line! : read
}

function lintGoldens(family: Family, complain: Complain): void {
  if (family.goldens.length === 0) complain('golden-missing', 'There is no golden case')
  for (const golden of family.goldens) {
    const model = findModel(family, golden.model)
    if (golden.model !== null && model.name !== golden.model)
      complain('golden-model', `${golden.name} names the unknown model ${golden.model}`)
    for (const [name, expected] of golden.files) {
      attempt(complain, 'golden', `${golden.name}, ${name}`, () => {
        const file = family.files.find(({ pattern }) => pattern.test(name))
        const layers = [...baseLayers(family, model), { layer: 'device' as const, settings: golden.settings }]
        const { settings } = resolveSettings(layers)
        const written = renderAny(family, file, { settings, mac: golden.mac, model })
        if (written.toString() !== expected) complain('golden', `${golden.name}: ${name} comes out differently`)
      })
    }
    if (golden.files.size === 0) complain('golden', `${golden.name} expects no file`)
  }
}

function renderAny(family: Family, file: FamilyFile | undefined, subject: Parameters<typeof render>[2]): Buffer {
  if (!file || file.kind === 'absent') throw new AppError('family-invalid', 'no file of this family has that name')
  if (file.kind === 'book') return renderSampleBook(family, file)
  return file.kind === 'bootstrap'
    ? renderBootstrap(family, file, subject.settings.provisioningUrl)
    : render(family, file, subject)
}

type Run = (onRead: (name: string) => void) => unknown

function forEachSample(family: Family, model: Model, visit: (sample: string, run: Run) => void): void {
  for (const { name, settings } of sampleSettings(family, model)) {
    for (const file of family.files.filter(({ kind }) => kind === 'device')) {
      const subject = { settings, mac: sampleMac(family), model }
      visit(`${name}, ${file.name}`, (onRead) => render(family, file, subject, onRead))
    }
  }
}

/** A family's fault becomes a complaint; anything else is a bug of ours and flies. */
function attempt(complain: Complain, code: string, place: string, action: () => unknown): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    complain(code, `${place}: ${error.message}`)
  }
}
