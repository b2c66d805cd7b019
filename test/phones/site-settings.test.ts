import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROVISIONING_FOLDER } from '../../src/boot/load-families.ts'
import { AppError } from '../../src/model/app-error.ts'
import type { Settings } from '../../src/phones/settings.ts'
import { SITE_DEFAULTS } from '../../src/phones/site-settings.ts'
import { families, familyOf, renderFor } from './shipped.ts'
import { SITE_PHONES } from './vendors/site-phones.ts'

type Case = { model: string; mac: string; settings: Partial<Settings> & Record<string, unknown> }

/** What the golden case `site` says: two servers, everything of a site, hard characters among it. */
async function readCase(family: string): Promise<Case> {
  return JSON.parse(await readFile(join(PROVISIONING_FOLDER, family, 'golden', 'site.json'), 'utf8')) as Case
}

const SAID = { ...SITE_DEFAULTS, backupServer: null, backupProxy: null }
/** Whether the bytes of its file are encrypted is nothing that the file says. */
const NAMES = Object.keys(SAID).filter((name) => name !== 'encryptFiles')
const SOAK = process.env.OFFHOOK_SOAK !== undefined

it('every family that takes any of it has a phone here that says what it read', () => {
  const taking = families.filter(({ supports }) => supports.some((name) => NAMES.includes(name)))
  expect(Object.keys(SITE_PHONES).sort()).toEqual(taking.map(({ name }) => name))
})

describe.each(Object.entries(SITE_PHONES))('%s', (family, { read, sees, plainName = (text: string) => text }) => {
  const write = async (change: object) => {
    const { model, mac, settings } = await readCase(family)
    return read(renderFor(family, { model, mac, settings: { ...settings, ...change } }))
  }

  it('reads everything that its family promises', async () => {
    const all = Object.fromEntries(await write({}))
    const promised = familyOf(family).supports.filter((name) => NAMES.includes(name))
    expect(Object.keys(sees).sort()).toEqual(promised.sort())
    for (const [setting, expected] of Object.entries(sees))
      expect({ setting, ...all }).toMatchObject({ setting, ...expected })
  })

  it('is told nothing of what its site says nothing of', async () => {
    const before = await write({})
    const after = await write(SAID)
    expect([...after.keys()].filter((name) => !before.has(name)).length).toBeLessThan(10)
    for (const secret of ['Sw1tch-passw0rd', 'Key0fThisSite123', '239.0.0.1', 'log.example.org', 'pbx2.example.org'])
      expect([...after.values()].filter((value) => value.includes(secret))).toEqual([])
  })

  it('gets a text of its site as it was meant or not at all, and never as a further setting', async () => {
    const text = fc
      .oneof(
        fc.string({ minLength: 1, maxLength: 30 }),
        fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
        fc.constantFrom('a\nb = c', '"><x y="', `';nme=x`, '%NULL%', '&lt;', 'a;listen=no', '\\', '$PROXY', '</P1>'),
      )
      .filter((one) => one.trim() !== '')
    const say = (word: string) => ({
      dot1xIdentity: { dot1xIdentity: word },
      dot1xPassword: { dot1xPassword: word },
      ringRules: { ringRules: [{ alertInfo: word, ring: 2 }] },
      paging: { paging: [{ group: '239.0.0.1', port: 10000, name: word }] },
    })
    const taken = Object.entries(say('Plain')).filter(([name]) => name in sees)
    const plain = new Map(await Promise.all(taken.map(async ([name, change]) => [name, await write(change)] as const)))
    let carried = 0
    await fc.assert(
      fc.asyncProperty(text, async (hostile) => {
        for (const [name, change] of Object.entries(say(hostile)).filter(([name]) => plain.has(name))) {
          const written = await attempt(() => write(change))
          if (!written) continue
          carried += 1
          const trimmed = name === 'dot1xPassword' ? hostile : hostile.trim()
          const meant = name === 'paging' ? plainName(trimmed) : trimmed
          const before = plain.get(name)!
          expect([...written.keys()]).toEqual([...before.keys()])
          const differing = [...written].filter(([key, now]) => before.get(key) !== now)
          for (const [key, now] of differing) expect(now).toBe(before.get(key)!.replace('Plain', () => meant))
        }
      }),
      { numRuns: SOAK ? 5000 : 40 },
    )
    if (taken.length > 0) expect(carried).toBeGreaterThan(5)
  })
})

/** Null when the values were refused with the right code. */
async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof AppError && ['value-unsafe', 'input-invalid'].includes(error.code)) return null
    throw error
  }
}
