import { expect, test } from 'vitest'
import { parseSender } from '../../src/mail/sender.ts'
import { parseSmtpUrl } from '../../src/mail/smtp-address.ts'

test('an SMTP URL gives host, port, login and kind of TLS', () => {
  expect(parseSmtpUrl('smtp://u%40x:p%2Fw@mail.example.org')).toMatchObject({
    ...{ host: 'mail.example.org', port: 587, tls: false, user: 'u@x' },
  })
  expect(parseSmtpUrl('smtp://u%40x:p%2Fw@mail.example.org').secret?.reveal()).toBe('p/w')
  expect(parseSmtpUrl('smtps://[::1]')).toEqual({
    ...{ host: '::1', port: 465, tls: true, user: null, secret: null, caFile: null },
  })
  expect(parseSmtpUrl('smtp://h:25?ca=/etc/ca.pem')).toMatchObject({ port: 25, caFile: '/etc/ca.pem' })
})

test('what is none is refused without being shown', () => {
  for (const bad of ['', 'http://canary@h', 'smtp://', 'smtp://canary@h', 'smtp://:canary@h', 'smtp://a:%zz@h'])
    expect(() => parseSmtpUrl(bad), bad).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: expect.not.stringContaining('canary') as string,
      }) as Error,
    )
})

test('a sender is an address with or without a name', () => {
  const address = { address: 'pbx@example.org', domain: 'example.org' }
  expect(parseSender('pbx@example.org')).toEqual({ name: '', ...address })
  expect(parseSender('Offhook <PBX@example.org>')).toEqual({ name: 'Offhook', ...address })
  expect(parseSender('"Müller, Telefon" <pbx@example.org>')).toEqual({ name: 'Müller, Telefon', ...address })
  for (const bad of [
    '',
    'Offhook',
    'a@b',
    'x\r\nBcc: y@example.org <pbx@example.org>',
    '<pbx@example.org>, <b@example.org>',
  ])
    expect(() => parseSender(bad), bad).toThrow(expect.objectContaining({ code: 'config-invalid' }) as Error)
})
