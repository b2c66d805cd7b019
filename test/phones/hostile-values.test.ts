import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/model/app-error.ts'
import { LINE, renderFor } from './shipped.ts'
import { readBaresipAccounts } from './vendors/baresip.ts'
import { readDigium } from './vendors/digium.ts'
import { readFanvil } from './vendors/fanvil.ts'
import { readGrandstream } from './vendors/grandstream.ts'
import { readHtek, readHtekKey } from './vendors/htek.ts'
import { readLinphone, readNameAddress } from './vendors/linphone.ts'
import { readPoly } from './vendors/poly.ts'
import { readSnom } from './vendors/snom.ts'
import { readYealink } from './vendors/yealink.ts'

type Written = { displayName: string; password: string; label?: string; keyLabel?: string; size: number }

function readHtekDesk(bytes: Buffer): Written {
  const all = readHtek(bytes)
  return {
    displayName: all.get('P3')!,
    password: all.get('P34')!,
    label: all.get('P20000')!,
    keyLabel: readHtekKey(all, 2).label,
    size: all.size,
  }
}

/** What an independent reader of each family's files makes of one line and one key. */
const READERS: Record<string, (bytes: Buffer) => Written> = {
  yealink: (bytes) => {
    const all = readYealink(bytes)
    return {
      displayName: all.get('account.1.display_name')!,
      password: all.get('account.1.password')!,
      label: all.get('account.1.label')!,
      keyLabel: all.get('linekey.2.label')!,
      size: all.size,
    }
  },
  grandstream: (bytes) => {
    const { values } = readGrandstream(bytes)
    return {
      displayName: values.get('P3')!,
      password: values.get('P34')!,
      label: values.get('P270')!,
      keyLabel: values.get('P1467')!,
      size: values.size,
    }
  },
  linphone: (bytes) => {
    const all = readLinphone(bytes)
    const { name, uri } = readNameAddress(all.get('proxy_0/reg_identity')!)
    expect(uri).toBe('sip:1001-acme@pbx.example.org')
    return { displayName: name, password: all.get('auth_info_0/passwd')!, size: all.size }
  },
  baresip: (bytes) => {
    const [account, ...more] = readBaresipAccounts(bytes)
    expect(more).toEqual([])
    expect(account!.uri).toBe('sip:1001-acme@pbx.example.org:5060;transport=udp')
    const { displayName, parameters } = account!
    return { displayName, password: parameters.get('auth_pass')!, size: parameters.size }
  },
  poly: (bytes) => {
    const all = readPoly(bytes)
    return {
      displayName: all.get('reg.1.displayName')!,
      password: all.get('reg.1.auth.password')!,
      label: all.get('reg.1.label')!,
      keyLabel: all.get('attendant.resourceList.1.label')!,
      size: all.size,
    }
  },
  snom: (bytes) => {
    const { settings, keys } = readSnom(bytes)
    return {
      displayName: settings.get('user_realname/1')!,
      password: settings.get('user_pass/1')!,
      label: settings.get('user_idle_text/1')!,
      keyLabel: keys[1]!.label,
      size: settings.size + keys.length,
    }
  },
  fanvil: (bytes) => {
    const all = readFanvil(bytes)
    return {
      displayName: all.get('sip/line.1/DisplayName')!,
      password: all.get('sip/line.1/RegisterPswd')!,
      label: all.get('dsskey/dssSide.1/Fkey.1/Title')!,
      keyLabel: all.get('dsskey/dssSide.1/Fkey.2/Title')!,
      size: all.size,
    }
  },
  htek: readHtekDesk,
  'sangoma-s': readHtekDesk,
  digium: (bytes) => {
    const { settings, accounts } = readDigium(bytes)
    const { caller_id: displayName, line_label: label, password } = accounts[0]!.account
    return { displayName: displayName!, label: label!, password: password!, size: settings.size + accounts.length }
  },
}
const names = Object.keys(READERS)
const SOAK = process.env.OFFHOOK_SOAK !== undefined

type Values = { displayName: string; password: string; label: string; keyLabel: string }

function write(family: string, values: Partial<Values>): Written {
  const { displayName = 'Jo', password = 'pw', label = 'a', keyLabel = 'b' } = values
  const keys = [{ position: 2, kind: 'blf', value: '1002', label: keyLabel, line: 1 }]
  return READERS[family]!(renderFor(family, { settings: { lines: [{ ...LINE, displayName, password, label }], keys } }))
}

/** The values as read back, or null when they were refused with the right code. */
function attempt(family: string, values: Partial<Values>): Written | null {
  try {
    return write(family, values)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'value-unsafe' || error.code === 'input-invalid')) {
      for (const value of Object.values(values)) {
        if (value.length > 8) expect(error.message).not.toContain(value)
      }
      return null
    }
    throw error
  }
}

const HOSTILE = [
  `O"Brien & <Söhne>;^\${SHELL(id)}`,
  '😀 👩‍👩‍👧 Ünïcödé',
  'x'.repeat(300),
  '${{<%[%\'"}}%\\',
  '{{7*7}}<%= 7*7 %>#{7*7}',
  '</entry></section><section name="x">',
  ']]> --> <!-- &amp; &#10;',
  '>;auth_pass=x;outbound="sip:evil.example"',
  '" <sip:evil@evil.example>',
  '%00 = # ; comment',
  'zV0Vz zV1Vz',
  '$T<type>$ $M',
  'back\\slash\\',
]
const CONTROL = [
  'a\nstatic.security.user_password = admin:x',
  'a\r\nb',
  'a\0b',
  'a\tb',
  'a\u0085b',
  'a\u2028b',
  'a\ufdd0b',
]

describe.each(names)('%s', (family) => {
  it.each(HOSTILE)('carries the name %s unchanged', (text) => {
    const plain = write(family, {})
    const written = write(family, { displayName: text })
    expect(written.displayName).toBe(text)
    expect(written.size).toBe(plain.size)
  })

  it.each(HOSTILE)('carries the password %s unchanged or refuses it without repeating it', (text) => {
    const written = attempt(family, { password: text })
    if (written) expect(written.password).toBe(text)
    if (family !== 'baresip') expect(written).not.toBeNull()
  })

  it.each(CONTROL)('refuses control characters: %j', (text) => {
    for (const name of ['displayName', 'password', 'label', 'keyLabel']) {
      expect(attempt(family, { [name]: text })).toBeNull()
    }
  })

  it(
    'either reads back exactly what was meant or refuses, whatever the values',
    () => {
      const plain = write(family, {})
      const text = fc.oneof(
        fc.string({ minLength: 1, maxLength: 40 }),
        // Any code point, halves of surrogate pairs and noncharacters among them.
        fc.string({ minLength: 1, maxLength: 40, unit: fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)) }),
        fc.string({
          minLength: 1,
          maxLength: 40,
          unit: fc.integer({ min: 0xa0, max: 0x24f }).map((code) => String.fromCodePoint(code)),
        }),
        fc.constantFrom(...HOSTILE, ...CONTROL),
        fc
          .array(fc.constantFrom(...Array.from(`"<>&;\\'#=%$[]{} \n%NULL%zV0Vz`)), { minLength: 1 })
          .map((parts) => parts.join('')),
      )
      let carried = 0
      fc.assert(
        fc.property(fc.record({ displayName: text, password: text, label: text, keyLabel: text }), (values) => {
          const written = attempt(family, values)
          if (!written) return
          carried += 1
          expect(written.size).toBe(plain.size)
          expect(written.displayName).toBe(values.displayName.trim())
          expect(written.password).toBe(values.password)
          if (written.label !== undefined) expect(written.label).toBe(values.label.trim())
          if (written.keyLabel !== undefined) expect(written.keyLabel).toBe(values.keyLabel.trim())
        }),
        { numRuns: SOAK ? 100_000 : 400 },
      )
      expect(carried).toBeGreaterThan(5)
    },
    SOAK ? 900_000 : 30_000,
  )
})

it('Yealink is never given a value that it would read as a command', () => {
  expect(attempt('yealink', { password: '%NULL%' })).toBeNull()
  expect(attempt('yealink', { displayName: '%EMPTY%' })).toBeNull()
})
