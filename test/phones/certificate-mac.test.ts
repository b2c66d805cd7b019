import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMac } from '../../src/model/mac.ts'
import { readSubjectMac } from '../../src/phones/certificate-mac.ts'
import { families } from './shipped.ts'

const withRule = families.flatMap(({ name, certificate }) => (certificate ? [{ name, certificate }] : []))
const mac = fc.stringMatching(/^[0-9a-f][02468ace][0-9a-f]{10}$/).filter((text) => parseMac(text) !== null)

test('whatever stands in a subject, only the whole field in its maker’s form names a phone', () => {
  const text = fc.oneof(
    fc.string(),
    mac,
    mac.chain((digits) => fc.string().map((more) => `${digits}${more}`)),
  )
  const subject = fc.record({ CN: text, ST: text, OU: fc.array(text), L: text }, { requiredKeys: [] })
  fc.assert(
    fc.property(fc.constantFrom(...withRule), subject, ({ certificate }, fields) => {
      const found = readSubjectMac(certificate, fields)
      const said = (fields as Record<string, unknown>)[certificate.field]
      if (found === null) return
      expect(typeof said).toBe('string')
      expect((said as string).toLowerCase().replaceAll(/[^0-9a-f]/g, '')).toContain(found)
      expect(certificate.pattern.exec(said as string)?.[0]).toBe(said)
    }),
  )
})

test('a field that is there twice, or is not there, names nobody', () => {
  for (const { name, certificate } of withRule) {
    const example = certificate.examples[0]!
    expect(readSubjectMac(certificate, { [certificate.field]: example }), name).not.toBeNull()
    expect(readSubjectMac(certificate, { [certificate.field]: [example, example] }), name).toBeNull()
    expect(readSubjectMac(certificate, { emailAddress: example }), name).toBeNull()
    expect(readSubjectMac(certificate, { [certificate.field]: `${example}\n` }), name).toBeNull()
  }
})
