import { describe, expect, it } from 'vitest'
import { readFamilies } from '../../../src/boot/load-families.ts'
import { describeFamilies } from '../../../src/phones/lint/describe-families.ts'
import { lintFamilies } from '../../../src/phones/lint/lint-families.ts'
import { readFamily } from '../../../src/phones/read-family.ts'
import { families } from '../shipped.ts'
import { buildFamily, readSample, sampleTexts } from '../sample-family.ts'

type Change = Parameters<typeof sampleTexts>[0]

function codes(change: Change): string[] {
  const { family, complaints } = readSample(change)
  return [...complaints, ...(family ? lintFamilies([family]) : [])].map(({ code }) => code)
}

const file = (change: object) => ({
  name: 'device',
  kind: 'device',
  pattern: '^(?<mac>[0-9a-f]{12})\\.cfg$',
  examples: ['aa0001000001.cfg'],
  template: 'device',
  format: 'cfg',
  contentType: 'text/plain',
  ...change,
})

it('has nothing to say about the families that come with Offhook', async () => {
  const { families: read, complaints } = await readFamilies()
  expect(complaints).toEqual([])
  expect(lintFamilies(read)).toEqual([])
}, 180_000)

it('has nothing to say about the smallest family', () => {
  expect(codes({})).toEqual([])
})

describe('a contributor hears of', () => {
  it.each<[string, Change, string]>([
    ['a field that is not known', { json: { colour: 'red' } }, 'schema'],
    ['a pattern that is not anchored', { json: { files: [file({ pattern: '[0-9a-f]{12}' })] } }, 'schema'],
    ['a file that does not match its example', { json: { files: [file({ examples: ['x.cfg'] })] } }, 'pattern-example'],
    [
      'a pattern that takes folders along',
      { json: { files: [file({ pattern: '^.*(?<mac>[0-9a-f]{12})\\.cfg$' })] } },
      'pattern-loose',
    ],
    [
      'a User-Agent that is read otherwise',
      { json: { userAgents: [{ pattern: '^(?<model>.+)$', examples: [{ text: 'A B', model: 'A' }] }] } },
      'pattern-example',
    ],
    [
      'a certificate whose example names no phone',
      { json: { certificate: { field: 'CN', pattern: '^SEP(?<mac>[0-9a-f]{12})$', examples: ['aa0001000001'] } } },
      'certificate-example',
    ],
    [
      'a certificate that all phones share and one would be known by',
      {
        json: {
          certificate: {
            ...{ field: 'CN', pattern: '^(?<mac>[0-9a-f]{12})$', examples: ['aa0001000001'] },
            generic: ['aa0001ffffff'],
          },
        },
      },
      'certificate-example',
    ],
    ['a way to ask for passwords that there is not', { json: { httpLogin: ['ntlm'] } }, 'schema'],
    ['a missing template', { json: { files: [file({ template: 'other' })] } }, 'schema'],
    ['a template that is no JavaScript', { texts: { 'device.eta': '<% if ( %>\n' } }, 'schema'],
    [
      'a template that writes without escaping',
      { texts: { 'device.eta': "language = <%~ it.code('language', it.language) %>\n" } },
      'template-raw',
    ],
    ['a template that reads what is no setting', { texts: { 'device.eta': 'a = <%= it.colour %>\n' } }, 'render'],
    ['a template that writes what is missing', { texts: { 'device.eta': 'a = <%= it.ntpServer %>\n' } }, 'render'],
    ['a file that does not read back', { texts: { 'device.eta': '<%= it.language %>\n' } }, 'render'],
    ['a setting that is read but not promised', { json: { supports: [] } }, 'supports-missing'],
    ['a setting that is promised but not read', { json: { supports: ['language', 'mwi'] } }, 'supports-unused'],
    ['a promise of what is no setting', { json: { supports: ['language', 'colour'] } }, 'supports-unknown'],
    ['models that are like each other', { json: { models: { X1: { like: 'X2' }, X2: { like: 'X1' } } } }, 'like-cycle'],
    [
      'a model that is like nothing',
      { json: { models: { X1: { lines: 1, keys: 0 }, X2: { like: 'X9' } } } },
      'like-unknown',
    ],
    ['a model without lines', { json: { models: { X1: { lines: 1, keys: 0 }, X2: { keys: 1 } } } }, 'model-incomplete'],
    [
      'a golden file that comes out otherwise',
      { texts: { 'golden/one/aa0001000001.cfg': 'language = E\n' } },
      'golden',
    ],
    [
      'a golden case without files',
      { texts: { 'golden/two.json': '{"model":"X1","mac":null,"settings":{}}' } },
      'golden',
    ],
    [
      'a golden case of an unknown model',
      { texts: { 'golden/one.json': '{"model":"X9","mac":null,"settings":{}}' } },
      'golden-model',
    ],
    ['an address that is told neither in a file nor to an installer', { json: { installer: null } }, 'address-unsaid'],
    ['a template that no file uses', { texts: { 'old.eta': '' } }, 'template-unused'],
    [
      'a codec without a code',
      { json: { models: { X1: { lines: 1, keys: 0, codecs: ['pcma', 'amr'] } } } },
      'model-value',
    ],
  ])('%s', (_, change, code) => {
    expect(codes(change)).toContain(code)
  })

  it('an address in a common file that is not promised, and of none where the file says none', () => {
    const common = (text: string) => {
      const shared = {
        name: 'common',
        kind: 'bootstrap',
        pattern: '^all\\.cfg$',
        examples: ['all.cfg'],
        template: 'common',
      }
      return codes({ json: { files: [file({}), file(shared)] }, texts: { 'common.eta': text } })
    }
    expect(common('url = <%= it.provisioningUrl %>\n')).toEqual(['supports-missing'])
    expect(common('dial = 5\n')).toEqual([])
  })

  it('a phonebook that is listed under another name, has pages and no way to them, or loses entries', () => {
    const bookOf = (change: object) => {
      const shape = { name: 'book', kind: 'book', template: 'book', pattern: '^book\\.xml$', examples: ['book.xml'] }
      const entry = { ...shape, format: 'book', contentType: 'text/xml', ...change }
      const formats = { cfg: { syntax: 'lines', separator: '=' }, book: { syntax: 'xml' } }
      const text = '<% for (const entry of it.entries) { -%>\n<b><%= entry.name %></b>\n<% } -%>\n'
      const frame = `<% if (it.isFirst) { -%>\n<a>\n<% } -%>\n${text}<% if (it.isLast) { -%>\n</a>\n<% } -%>\n`
      const json = { files: [file({}), entry], formats, supports: ['language', 'companyPhonebook'] }
      return codes({ json, texts: { 'book.eta': frame } })
    }
    expect(bookOf({})).toEqual([])
    expect(bookOf({ listed: 'other.xml' })).toContain('book-listed')
    expect(bookOf({ page: 10 })).toContain('book-pages')
    expect(bookOf({ format: 'cfg' })).toContain('render')
    expect(bookOf({ kind: 'device' })).toContain('render')
  })

  it('a family without golden cases and sources', () => {
    const texts = [...sampleTexts()].filter(([path]) => !path.startsWith('golden/') && path !== 'NOTES.md')
    const { family } = readFamily('sample', new Map(texts))
    expect(lintFamilies([family!]).map(({ code }) => code)).toEqual(['notes-missing', 'golden-missing'])
  })
})

describe('two families', () => {
  const alpha = buildFamily('alpha', { ouis: ['aa0001'], userAgent: 'Alpha' })

  it('may share a file name that carries a MAC address', () => {
    const beta = buildFamily('beta', { ouis: ['bb0001'], userAgent: 'Beta' })
    expect(lintFamilies([alpha, beta]).filter(({ code }) => code.endsWith('ambiguous'))).toEqual([])
  })

  it('may not claim the same prefix or the same User-Agent', () => {
    const beta = buildFamily('beta', { ouis: ['aa0001'], userAgent: 'Alpha' })
    const found = lintFamilies([alpha, beta]).map(({ code }) => code)
    expect(found).toContain('oui-twice')
    expect(found).toContain('user-agent-ambiguous')
  })

  it('may not share a file that nothing tells apart', () => {
    const common = (name: string) => {
      const files = [
        file({}),
        file({ name: 'common', kind: 'bootstrap', pattern: '^all\\.cfg$', examples: ['all.cfg'], template: 'common' }),
      ]
      const json = { files, userAgents: [], ouis: [], supports: ['language', 'provisioningUrl'] }
      const texts = { 'common.eta': 'url = <%= it.provisioningUrl %>\n' }
      return readFamily(name, sampleTexts({ json, texts })).family!
    }
    // Both have the models of the sample, which is a complaint of its own.
    const found = lintFamilies([common('alpha'), common('beta')]).filter(({ code }) => code !== 'model-shared')
    expect(found.map(({ code }) => code)).toEqual(['file-ambiguous', 'file-ambiguous'])
    expect(found[0]!.message).toContain('all.cfg')
  })

  it('may both know of a file that neither has', () => {
    const missing = (name: string) => {
      const files = [file({}), { name: 'none', kind: 'absent', pattern: '^none\\.cfg$', examples: ['none.cfg'] }]
      return readFamily(name, sampleTexts({ json: { files, userAgents: [], ouis: [] } })).family!
    }
    const found = lintFamilies([missing('alpha'), missing('beta')]).filter(({ code }) => code !== 'model-shared')
    expect(found).toEqual([])
  })
})

it('the matrix says what each family supports and in which values', () => {
  const matrix = new Map(describeFamilies(families).map((one) => [one.family, one]))
  expect(matrix.get('yealink')!.supports).toMatchObject({ transport: ['udp', 'tcp', 'tls'], vlanId: true })
  expect(matrix.get('linphone')!.supports).toMatchObject({ vlanId: false, keys: false })
  expect(matrix.get('linphone')!.resync).toBeNull()
  expect(matrix.get('grandstream')!.resync).toBe('check-sync;reboot=false')
})
