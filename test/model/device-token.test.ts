import { describe, expect, test } from 'vitest'
import { maskTokens, parseTokenPath } from '../../src/model/device-token.ts'

const TOKEN = 'A_b-C0123456789abcdefg'

describe('the path that a phone asks for', () => {
  test.each([
    [`/${TOKEN}/y000000000028.cfg`, TOKEN, 'y000000000028.cfg'],
    [`${TOKEN}/folder/a.cfg`, TOKEN, 'folder/a.cfg'],
    [`//${TOKEN}//a.cfg`, TOKEN, 'a.cfg'],
    [`/${TOKEN}/`, TOKEN, ''],
    [`/${TOKEN}`, null, TOKEN],
    ['/spa504g.cfg', null, 'spa504g.cfg'],
    ['/Cisco/CP-8841-3PCC/a.cfg', null, 'Cisco/CP-8841-3PCC/a.cfg'],
    [`/${TOKEN}x/a.cfg`, null, `${TOKEN}x/a.cfg`],
    [`/${TOKEN.slice(1)}/a.cfg`, null, `${TOKEN.slice(1)}/a.cfg`],
    [`/${TOKEN.slice(1)}+/a.cfg`, null, `${TOKEN.slice(1)}+/a.cfg`],
    ['../../etc/passwd', null, '../../etc/passwd'],
    ['', null, ''],
  ])('%s', (path, token, file) => expect(parseTokenPath(path)).toEqual({ token, file }))
})

test('a masked path shows no token in any segment', () => expect(maskTokens(`/x/${TOKEN}/${TOKEN}`)).toBe('/x/***/***'))
