import { expect, test } from 'vitest'
import { loadFamilies } from '../../src/boot/load-families.ts'
import { renderClaim } from '../../src/boot/render-claim.ts'
import { parseMac } from '../../src/model/mac.ts'
import { Secret } from '../../src/model/secret.ts'
import { findModel } from '../../src/phones/family.ts'

const families = await loadFamilies()
const desks = families.filter(({ files }) =>
  files.some(({ kind, pattern }) => kind === 'device' && pattern.source.includes('?<mac>')),
)

const claim = (settings: unknown = {}) => ({
  mac: parseMac('001565000001')!,
  site: { phonesUrl: 'http://phones.example.org', sipHost: 'pbx.example.org', sipPort: 5070 },
  account: {
    user: 'claim.abcdefghijklmnop',
    ...{ secret: new Secret('SipSecretOfTheClaim00001'), adminPassword: new Secret('AdminSecret00001'), settings },
  },
})

function renderAll(family: (typeof families)[number], settings?: unknown): string {
  const model = findModel(family, null)
  const files = family.files.filter(({ kind }) => kind === 'device')
  return files.map((file) => renderClaim({ family, file, model, ...claim(settings) }).bytes.toString()).join('\n')
}

test.each(desks.map((family) => [family.name, family] as const))(
  'a %s that is nobody’s can be told of its claim account',
  (_, family) => {
    const text = renderAll(family)
    expect(text).toContain('claim.abcdefghijklmnop')
    expect(text).toContain('SipSecretOfTheClaim00001')
    expect(text).toContain('pbx.example.org')
  },
)

test('of what a tenant says of all its phones a stranger learns what calling needs, and no password', () => {
  const yealink = families.find(({ name }) => name === 'yealink')!
  const text = renderAll(yealink, {
    ...{ timezone: 'Europe/Berlin', vlanId: 42, transport: 'tcp', userPassword: 'hunter2hunter2' },
    ...{ raw: { 'account.1.nat.secret': 'hunter3' }, lines: [{ position: 2, password: 'hunter4' }] },
  })
  expect(text).toMatch(/vlan\.internet_port_vid *= *42/)
  expect(text).not.toMatch(/hunter/)
})
