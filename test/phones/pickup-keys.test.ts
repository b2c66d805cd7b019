import { expect, test } from 'vitest'
import { families, LINE, renderFor } from './shipped.ts'

// The dialplan takes a ringing call by `*8` and the extension, see asterisk/extensions.conf.

const KEY = { position: 2, kind: 'pickup', value: '1002', label: 'Take it', line: 1 }

/** Its maker has a key for it, whose value nobody told. */
const NATIVE = ['akuvox']

const dialling = families.filter(
  ({ name, values }) => values.get('keyKind')?.has('pickup') === true && !NATIVE.includes(name),
)

test.each(dialling.map(({ name }) => name))('a key for picking up dials the code and the extension on %s', (name) => {
  const keys = (more: object) =>
    renderFor(name, {
      model: MODELS[name]!,
      settings: { lines: [LINE], pickupCode: '*8', keys: [{ ...KEY, ...more }] },
    })
      .toString()
      .split('\n')
  const dial = keys({ kind: 'speed_dial', value: '*81002' })
  const take = keys({})
  const differing = take.filter((text, at) => text !== dial[at])
  expect(take.some((text) => text.includes('*81002'))).toBe(true)
  expect(differing).toEqual([])
})

/** One with two keys of its own. */
const MODELS: Record<string, string> = {
  'cisco-spa': 'SPA504G',
  fanvil: 'X4U',
  grandstream: 'GRP2614',
  htek: 'UC926',
  mitel: '6867i',
  poly: 'VVX_450',
  'sangoma-s': 'S500',
  snom: 'D785',
  yealink: 'T46U',
}
