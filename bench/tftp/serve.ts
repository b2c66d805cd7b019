/** Our server as a process of its own: serves one file, logs to standard output, ends when its standard input does. */
import { readFileSync } from 'node:fs'
import { argv, exit, stdin } from 'node:process'
import { pino } from 'pino'
import { startTftpServer } from '../../src/tftp/server.ts'

const [port, file] = argv.slice(2)
const bytes = readFileSync(file!)
const server = await startTftpServer({
  address: '127.0.0.1',
  port: Number(port),
  allow: ['127.0.0.0/8'],
  log: pino(),
  answer: () => ({ bytes, contentType: 'application/octet-stream', etag: '""' }),
})
stdin.resume()
stdin.on('end', () => void server.close().then(() => exit()))
