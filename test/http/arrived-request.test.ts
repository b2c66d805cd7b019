import { expect, test } from 'vitest'
import { ArrivedRequest } from '../../src/http/arrived-request.ts'

const TOKEN = 'AbCdEfGhIjKlMnOpQrStUv'

test('a request says its token and its file as its path has them', () => {
  const read = (path: string) => {
    const { token, file } = new ArrivedRequest(path, 'http', 'Phone 1.0', '192.0.2.1')
    return [token, file]
  }
  expect(read(`/${TOKEN}/folder/a.cfg`)).toEqual([TOKEN, 'folder/a.cfg'])
  expect(read('/a.cfg')).toEqual([null, 'a.cfg'])
  expect(read(`/${TOKEN}`)).toEqual([null, TOKEN])
})
