import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from '../../../src/model/app-error.ts'
import { LINE, renderFor } from '../shipped.ts'

/** What an independent reader of a family's file makes of one line and one key; `undefined`: the file has no such thing. */
export type Written = {
  displayName: string
  user: string
  password: string
  server: string
  label?: string | undefined
  keyLabel?: string | undefined
  /** How many settings there are: a value never becomes one more. */
  size: number
}

type Values = { displayName: string; password: string; label: string; keyLabel: string; keyValue: string }

/** How a family's reader sees a file, and how its templates change what people may call things. */
export type Dialect = {
  family: string
  model: string
  read: (bytes: Buffer) => Written
  /** What becomes of a name where the format has no spelling for some character; unchanged if left out. */
  name?: (text: string) => string
  keyLabel?: (text: string) => string
  /** Passwords that are refused. */
  refuses?: RegExp
}

const HOSTILE = [
  `O"Brien & <Söhne>;^\${SHELL(id)}`,
  '😀 👩‍👩‍👧 Ünïcödé',
  'x'.repeat(300),
  '${{<%[%\'"}}%\\',
  '</nvm><param name="x" value="y"/>',
  '</flat-profile><Admin_Passwd>x</Admin_Passwd>',
  ']]> --> <!-- &amp; &#10;',
  'Config.Settings.LOGIN.Password = x',
  'a" ADMIN_PASS="x',
  'nme=x;ext=1@$PROXY;fnc=sd',
  '# = : comment',
  '%NULL%x',
  'back\\slash\\',
  'zV0Vz zV1Vz',
]
const BREAKS = ['a\nADMIN_PASS="x"', 'a\r\nb', 'a\0b', 'a\tb', 'a\u0085b', 'a\u2028b']

const SOAK = process.env.OFFHOOK_SOAK !== undefined
/** Never blank: that a name is empty is refused before it comes to a template. */
const TEXT = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
    fc.constantFrom(...HOSTILE),
    fc
      .array(fc.constantFrom(...Array.from(`"'<>&;\\#=%$[]{}:,|@ aZ1`)), { minLength: 1 })
      .map((parts) => parts.join('')),
  )
  .filter((text) => text.trim() !== '')

/** Proves that names and passwords reach the phone as they were meant, or not at all. */
export function itCarriesValues(dialect: Dialect): void {
  const write = (values: Partial<Values>) => {
    const { displayName = 'Jo', password = 'pw', label = 'a', keyLabel = 'b', keyValue = '1002' } = values
    const keys = [{ position: 2, kind: 'speed_dial', value: keyValue, label: keyLabel, line: 1 }]
    const settings = { lines: [{ ...LINE, displayName, password, label }], keys }
    return dialect.read(renderFor(dialect.family, { model: dialect.model, settings }))
  }
  const same = (text: string) => text

  it('says the account as it was meant', () => {
    expect(write({})).toMatchObject({ displayName: 'Jo', user: '1001-acme', password: 'pw', server: 'pbx.example.org' })
  })

  it.each(HOSTILE)('carries the name %s', (text) => {
    const written = write({ displayName: text, label: text, keyLabel: text })
    const name = dialect.name ?? same
    expect(written.displayName).toBe(name(text))
    expect(written.size).toBe(write({}).size)
    if (written.label !== undefined) expect(written.label).toBe(name(text))
    if (written.keyLabel !== undefined) expect(written.keyLabel).toBe((dialect.keyLabel ?? name)(text))
  })

  it.each(HOSTILE)('carries the password %s, or refuses it without repeating it', (text) => {
    if (!dialect.refuses?.test(text)) {
      const written = write({ password: text })
      expect(written.password).toBe(text)
      expect(written.size).toBe(write({}).size)
      return
    }
    expect(refusalOf(() => write({ password: text }))).not.toContain(text)
  })

  it.each(BREAKS)('refuses what would start a line or a value: %j', (text) => {
    for (const name of ['displayName', 'password', 'label', 'keyLabel']) refusalOf(() => write({ [name]: text }))
  })

  it(
    'reads back exactly what was meant or refuses it, whatever the values',
    () => {
      const { size } = write({})
      const name = dialect.name ?? same
      let carried = 0
      const every = fc.record({ displayName: TEXT, password: TEXT, label: TEXT, keyLabel: TEXT, keyValue: TEXT })
      fc.assert(
        fc.property(every, (values) => {
          let written: Written
          try {
            written = write(values)
          } catch (error) {
            if (error instanceof AppError && ['value-unsafe', 'input-invalid'].includes(error.code)) return
            throw error
          }
          carried += 1
          const { displayName, password, label, keyLabel } = written
          expect([written.size, displayName, password]).toEqual([
            size,
            name(values.displayName.trim()),
            values.password,
          ])
          if (label !== undefined) expect(label).toBe(name(values.label.trim()))
          if (keyLabel !== undefined) expect(keyLabel).toBe((dialect.keyLabel ?? name)(values.keyLabel.trim()))
        }),
        { numRuns: SOAK ? 20_000 : 150 },
      )
      expect(carried).toBeGreaterThan(5)
    },
    SOAK ? 900_000 : 30_000,
  )
}

function refusalOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof AppError && ['value-unsafe', 'input-invalid'].includes(error.code)) return error.message
    throw error
  }
  throw new Error('was not refused')
}
