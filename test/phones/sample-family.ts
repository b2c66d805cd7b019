import type { Family } from '../../src/phones/family.ts'
import { readFamily } from '../../src/phones/read-family.ts'
import type { Complaint } from '../../src/phones/complaint.ts'

const GOLDEN = {
  model: 'X1',
  mac: 'aa0001000001',
  settings: {
    serverHost: 'pbx.example.org',
    adminPassword: 'a',
    provisioningUrl: 'https://p.example.org/t/',
    language: 'de',
  },
}

/** A family of one file that says nothing but its language: the smallest that has no complaint. */
export function sampleTexts(change: { json?: object; texts?: Record<string, string> } = {}): Map<string, string> {
  const json = {
    displayName: 'Sample',
    ouis: ['aa0001'],
    userAgents: [
      {
        pattern: '^Sample (?<model>[A-Z0-9]+) (?<firmware>[0-9.]+)$',
        examples: [{ text: 'Sample X1 1.0', model: 'X1', firmware: '1.0' }],
      },
    ],
    formats: { cfg: { syntax: 'lines', separator: '=' } },
    files: [
      {
        name: 'device',
        kind: 'device',
        pattern: '^(?<mac>[0-9a-f]{12})\\.cfg$',
        examples: ['aa0001000001.cfg'],
        template: 'device',
        format: 'cfg',
        contentType: 'text/plain',
      },
    ],
    values: { codec: { opus: 1, g722: 2, pcma: 3, pcmu: 4 }, language: { en: 'E', de: 'D' } },
    installer: { steps: 'Enter {own} at the phone.' },
    supports: ['language'],
    resync: null,
    raw: null,
    fallbackModel: 'X1',
    models: { X1: { lines: 1, keys: 0 } },
    ...change.json,
  }
  return new Map(
    Object.entries({
      'family.json': JSON.stringify(json),
      'NOTES.md': 'Made up.',
      'device.eta': "language = <%= it.code('language', it.language) %>\n",
      'golden/one.json': JSON.stringify(GOLDEN),
      'golden/one/aa0001000001.cfg': 'language = D\n',
      ...change.texts,
    }),
  )
}

export function readSample(change: Parameters<typeof sampleTexts>[0] = {}): {
  family: Family | null
  complaints: Complaint[]
} {
  return readFamily('sample', sampleTexts(change))
}

/** A sample family that differs in what tells families apart. */
export function buildFamily(name: string, { ouis, userAgent }: { ouis: string[]; userAgent: string }): Family {
  const userAgents = [
    {
      pattern: `^${userAgent} (?<model>[A-Z0-9]+) (?<firmware>[0-9.]+)$`,
      examples: [{ text: `${userAgent} X1 1.0`, model: 'X1', firmware: '1.0' }],
    },
  ]
  return readFamily(name, sampleTexts({ json: { ouis, userAgents } })).family!
}
