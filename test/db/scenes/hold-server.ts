import { argv, stdin, stdout } from 'node:process'
import { joinEmbeddedPostgres } from '../../../src/db/embedded/embedded-postgres.ts'

/** Joins the server of a data folder, says so in one line of JSON, and leaves when its standard input ends. */
try {
  const server = await joinEmbeddedPostgres(argv[2]!)
  stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  stdin.resume().once('end', () => void server.leave().then(() => stdout.write('left\n')))
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  stdout.write(`${JSON.stringify({ code, message })}\n`)
  stdin.destroy()
}
