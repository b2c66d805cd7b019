import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/model/fault.ts'
import { displayName, parsePersonName, splitFullName } from '../../src/model/person-name.ts'
import { parsePlainText } from '../../src/model/plain-text.ts'
import { quote } from '../../src/model/quote.ts'
import { countRuns } from '../support/runs.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary-ascii' }),
)

describe('a name', () => {
  test('has no control character, is NFC, and fits into 64 code points and 79 bytes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = parsePersonName(text)
        if (name instanceof Fault) return
        expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffd]/)
        expect(name.normalize('NFC')).toBe(name)
        expect(name.trim()).toBe(name)
        expect(Array.from(name).length).toBeLessThanOrEqual(64)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(79)
        expect(parsePersonName(name)).toBe(name)
      }),
      { numRuns: countRuns(10_000, 200_000) },
    )
  })

  test('keeps what people are called', () => {
    for (const name of ["O'Brien", 'Łukasz', 'Nguyễn Văn A', '李雷', 'María-José', 'Jr.', 'X Æ A-12', 'کوروش', '👩🏽‍🚒']) {
      expect(parsePersonName(name)).toBe(name.normalize('NFC'))
    }
  })

  test('is refused with its invisible character named', () => {
    expect(parsePersonName('a\u0085b')).toMatchObject({ message: '“a\\u{85}b” holds the invisible character U+0085' })
    expect(parsePersonName('a\ud800b')).toMatchObject({ code: 'character-lost' })
    expect(parsePersonName('\u200b')).toMatchObject({ code: 'text-empty' })
  })

  test('is split into two that join to it again', () => {
    expect(splitFullName('Vincent van der Berg')).toEqual({ first: 'Vincent', last: 'van der Berg' })
    expect(splitFullName('von Berg')).toEqual({ first: 'von', last: 'Berg' })
    expect(splitFullName(' ')).toEqual({ first: '', last: '' })
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.constantFrom('van', 'de', 'la')), { minLength: 1, maxLength: 5 }),
        (words) => {
          const { first, last } = splitFullName(words.join(' '))
          expect(displayName(first, last)).toBe(words.join(' '))
        },
      ),
    )
  })
})

test('plain text is at most as long as asked for', () => {
  expect(parsePlainText('👍👍', { codePoints: 2 })).toBe('👍👍')
  expect(parsePlainText('👍👍', { codePoints: 2, bytes: 7 })).toMatchObject({ code: 'text-too-long' })
  expect(parsePlainText('abc', { codePoints: 2 })).toMatchObject({ code: 'text-too-long' })
})

test('a quotation is one short visible line of whole characters', () => {
  expect(quote('a"b\n\u202e')).toBe('“a"b\\u{a}\\u{202e}”')
  expect(quote('👍'.repeat(50))).toBe(`“${'👍'.repeat(40)}…”`)
  fc.assert(
    fc.property(anyText, (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u)
    }),
  )
})
