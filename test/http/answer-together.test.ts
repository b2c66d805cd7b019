import { expect, test } from 'vitest'
import { startPhonesListener } from '../../src/http/phones-listener.ts'

test('an answer that cannot be sent is a 500 of its own: those that leave with it are sent all the same', async () => {
  const warned: string[] = []
  const log = { info: () => undefined, warn: (_fields: object, message: string) => void warned.push(message) }
  const listener = await startPhonesListener({
    ...{ address: '127.0.0.1', port: 0, log, writeAccess: () => undefined },
    answer: ({ file }) => ({
      ...{ bytes: Buffer.from(file), etag: '"1"' },
      contentType: file === 'broken' ? 'text/plain\r\nX: 1' : 'text/plain',
    }),
  })
  const get = async (file: string) => (await fetch(`http://127.0.0.1:${listener.port}/${file}`)).status
  try {
    const files = Array.from({ length: 30 }, (_, at) => (at % 3 === 0 ? 'broken' : `file-${at}`))
    const statuses = await Promise.all(files.map(get))
    expect(statuses).toEqual(files.map((file) => (file === 'broken' ? 500 : 200)))
    expect(warned[0]).toBe('phone answer failed')
  } finally {
    await listener.close()
  }
})
