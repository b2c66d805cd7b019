import { expect, test } from 'vitest'
import { LANGUAGES, pickLanguage, writeMail } from '../../src/mail/write-mail.ts'

const LINK = 'https://pbx.example.org/invite/abc'
const VIEW = {
  ...{ tenant: 'Acme & Söhne', name: '<Ada>', username: 'ada', extension: '1001', expires: 'a day', link: LINK },
  ...{ password: null, mailbox: '1001', pin: '135790', accounts: ['1001-acme'], sipHost: 'sip.example.org' },
  ...{ importId: 7, source: 'people.csv', new: 3, changed: 2, unchanged: 1, problem: 0, mails: 3 },
}

test.each(LANGUAGES)('every mail can be written in %s, as text and as the same in HTML', (language) => {
  for (const kind of ['invitation', 'welcome', 'notice'] as const) {
    const { subject, text, html } = writeMail(kind, language, VIEW)
    expect(subject, kind).toMatch(/\S/)
    expect(subject + text).toContain('Acme & Söhne')
    expect(text.split('\n')).toContain(LINK)
    expect(text).not.toMatch(/undefined|null|<%|\n\n\n/)
    expect(html).toContain(`<a href="${LINK}">`)
    expect(html).not.toContain('<Ada>')
    expect(html.match(/<a /g)).toHaveLength(1)
  }
})

test.each(LANGUAGES)('a welcome with a temporary password has no link, in %s', (language) => {
  const { text } = writeMail('welcome', language, { ...VIEW, password: 'temporary-one', link: null })
  expect(text).toContain('temporary-one')
  expect(text).not.toContain('invite')
})

test('an invitation tells no access data, whatever it is given', () => {
  for (const language of LANGUAGES) {
    const { text, html } = writeMail('invitation', language, { ...VIEW, password: 'temporary-one' })
    expect(text + html).not.toMatch(/temporary-one|135790/)
  }
})

test('a value can neither be missing nor add a line', () => {
  expect(() => writeMail('invitation', 'en', { ...VIEW, username: null })).toThrow('missing')
  for (const bad of ['a\r\nBcc: x@example.org', 'a\u0000b', 'a\u2028b'])
    expect(() => writeMail('invitation', 'en', { ...VIEW, tenant: bad })).toThrow('line break')
})

test('a language that we do not have is English', () => {
  expect(['de-CH', 'FR', 'es-419', 'zh-Hant', null].map(pickLanguage)).toEqual(['de', 'fr', 'es', 'en', 'en'])
})

test.each(LANGUAGES)('an app is set up by its link or by the picture beside it, in %s', (language) => {
  const apps = [
    { name: 'Linphone', link: 'linphone-config:https://phones.example.org/t/linphone.xml', png: Buffer.from('one') },
    { name: 'Groundwire', link: 'csc:a:b@C', png: Buffer.from('two') },
  ]
  for (const kind of ['invitation', 'welcome'] as const) {
    const { text, html, pictures } = writeMail(kind, language, { ...VIEW, apps })
    for (const { name, link } of apps) {
      expect(text).toContain(name)
      expect(text.split('\n')).toContain(link)
    }
    expect(
      [...html.matchAll(/<a href="([^"]+)">[^<]+<\/a><br>\n<img src="cid:(app\d)"/g)].map((match) => match.slice(1, 3)),
    ).toEqual([
      [apps[0]!.link, 'app1'],
      [apps[1]!.link, 'app2'],
    ])
    expect(pictures?.map(({ id, png }) => [id, png.toString()])).toEqual([
      ['app1', 'one'],
      ['app2', 'two'],
    ])
    expect(text).not.toMatch(/\n\n\n/)
  }
})
