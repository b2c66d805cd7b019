import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { changeLayer, flattenLayer } from '../../src/phones/change-layer.ts'
import { readLayer } from '../../src/phones/layers.ts'
import { explainPath, isSecretPath, readPath, readWord } from '../../src/phones/setting-paths.ts'
import { isSecretWord } from '../../src/phones/secret-words.ts'

const position = fc.integer({ min: 1, max: 99 })
const text = fc.stringMatching(/^[a-z0-9]{1,12}$/)
/** A path with a value that fits it. */
const said = fc.oneof(
  fc.tuple(fc.constant('vlanId'), fc.option(fc.integer({ min: 1, max: 4094 }))),
  fc.tuple(fc.constant('userPassword'), text),
  fc.tuple(fc.constant('codecs'), fc.constant(['pcma'])),
  fc.tuple(
    position.map((n) => `keys.${n}.value`),
    text,
  ),
  fc.tuple(
    position.map((n) => `lines.${n}.transport`),
    fc.constantFrom('udp', 'tls'),
  ),
  fc.tuple(
    text.map((word) => `raw.${word}.x`),
    text,
  ),
)
const show = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

test('what is set at a path is there, and is gone once it is unset, whatever else is said', () => {
  fc.assert(
    fc.property(fc.array(said, { maxLength: 12 }), (pairs) => {
      const set = Object.fromEntries(pairs as [string, unknown][])
      const { layer, faults } = changeLayer({}, { set })
      expect(faults).toEqual([])
      expect(() => readLayer(layer)).not.toThrow()
      const hidden = Object.entries(set).map(([path, value]) => [path, isSecretPath(readPath(path)!) ? '***' : value])
      expect(show(flattenLayer(layer))).toEqual(Object.fromEntries(hidden))
      const [first] = Object.keys(set)
      if (first !== undefined)
        expect(flattenLayer(changeLayer(layer, { unset: [first] }).layer)).not.toHaveProperty([first])
      expect(changeLayer(layer, { unset: Object.keys(set) })).toEqual({ layer: {}, faults: [] })
    }),
  )
})

test('no text is a path that cannot be explained, and no path brings another name into a layer', () => {
  const names = /^(lines|keys|raw|[a-z][A-Za-z0-9]*)$/
  const wild = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'raw.__proto__', 'lines.1.__proto__'))
  fc.assert(
    fc.property(wild, fc.jsonValue(), (path, value) => {
      const { layer, faults } = changeLayer({}, { set: { [path]: value } })
      if (readPath(path) === null) expect([faults.length, explainPath(path)]).toEqual([1, faults[0]])
      for (const name of Object.keys(layer)) expect(name).toMatch(names)
      expect(Object.getPrototypeOf(layer) as object).toBe(Object.prototype)
    }),
  )
})

test('a value is read as it is typed, as far as the setting takes it', () => {
  const read = (path: string, typed: string) => readWord(readPath(path)!, typed)
  expect(read('vlanId', '20')).toBe(20)
  expect(read('vlanId', 'null')).toBeNull()
  expect(read('pickupCode', '8')).toBe('8')
  expect(read('codecs', 'pcma, pcmu')).toEqual(['pcma', 'pcmu'])
  expect(read('raw.P88', '1')).toBe('1')
  expect(read('raw.P88', '""')).toBe('')
  expect(read('mwi', 'perhaps')).toBe('perhaps')
})

test('secrets are known by the name of the setting and by what makers call them, keys to press are none', () => {
  for (const word of ['static.security.user_password', 'wifi.1.psk', 'AdminPwd', 'P_secret', 'aes_key', 'lock.pin'])
    expect(isSecretWord(word), word).toBe(true)
  for (const word of ['linekey.1.type', 'features.dnd.allow', 'programablekey.2.value', 'ping_interval', 'compass'])
    expect(isSecretWord(word), word).toBe(false)
  const { layer } = changeLayer({}, { set: { 'raw.a.psk': 'x', 'raw.a.b': { secret: 'y' }, 'raw.a.c': 'z' } })
  const plain = Object.entries(layer.raw!).map(([word, value]) => [word, value instanceof Secret, String(value)])
  expect(plain).toEqual([
    ['a.psk', true, '***'],
    ['a.b', true, '***'],
    ['a.c', false, 'z'],
  ])
})
