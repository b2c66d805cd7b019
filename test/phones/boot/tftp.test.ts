import { readFile, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tftp from 'tftp'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startTftpServer, type TftpServer } from '../../../src/tftp/server.ts'
import { openSite, type Site } from '../../boot/open-site.ts'
import { RawClient, readRequest } from '../../tftp/raw-client.ts'
import type { Fetch } from '../bases/phone.ts'
import { ciscoPhone } from '../vendors/cisco-sep.ts'

const MAC = '001873aa0009'
const phone = ciscoPhone({ model: 'CP-7942G', mac: MAC })

let site: Site
let server: TftpServer
beforeAll(async () => {
  site = await openSite()
  await site.importPeople(`extension,last_name,mac,model\n1001,Abel,${MAC},CP-7942G\n`)
  server = await startTftpServer({
    ...{ address: '127.0.0.1', port: 0, allow: ['127.0.0.0/8'] },
    ...{ answer: site.boot.answer, log: site.log },
  })
})
afterAll(async () => {
  await server.close()
  await site.close()
})

/** Over TFTP there is no path to start from: names stand alone. A file that is not there is ERROR 1 and nothing else. */
const fetch: Fetch = async (name) => {
  const raw = await RawClient.open()
  try {
    await raw.send(readRequest(name), server.port)
    const { packet } = (await raw.next())!
    if (packet.readUInt16BE(0) === 5) {
      expect(packet.readUInt16BE(2)).toBe(1)
      return null
    }
  } finally {
    await raw.close()
  }
  const local = join(tmpdir(), `offhook-phone-${randomUUID()}`)
  await new Promise<void>((resolve, reject) => {
    const client = tftp.createClient({ host: '127.0.0.1', port: server.port })
    client.get(name, local, (error) => (error ? reject(error) : resolve()))
  })
  const bytes = await readFile(local)
  await rm(local)
  return bytes
}

it('a Cisco phone boots over TFTP inside a window, and only where its tenant allows passwords over TFTP', async () => {
  await site.release(site.desk.acme, await site.idOf(MAC))
  await vi.waitFor(async () => expect(await site.ask({ file: `SEP${MAC}.cnf.xml` })).not.toBeNull())
  await expect(phone.boot('', fetch)).rejects.toThrow('is not there')
  await site.database.query(`update offhook.tenants set tftp_configs = true where slug = 'acme'`)
  const { accounts } = await vi.waitFor(() => phone.boot('', fetch), { timeout: 5_000 })
  expect(accounts).toMatchObject([{ user: '1001-acme', host: 'pbx.example.org', port: 5060, transport: 'tcp' }])
})
