import type { Request, RequestHandler } from 'express'
import type { Route } from './route.ts'
import { Refusal } from './refusal.ts'

/** A person with every field filled to its limit stays far below. */
const JSON_LIMIT_BYTES = 1024 * 1024
/** Rows as JSON are parsed where phones are answered; a longer list comes as a file, which a thread reads. */
const ROWS_LIMIT_BYTES = 8 * JSON_LIMIT_BYTES

/** Whoever sends nothing for so long in the middle of an upload is gone. */
const UPLOAD_SILENCE_MS = 60_000

/** Refuses a body that the route does not take before it is read, then reads it into `request.body` as bytes. */
export function takeBody(route: Route): RequestHandler {
  return async (request, _response, next) => {
    if (hasBody(request)) {
      refuseType(route, request)
      if (route.upload) {
        request.setTimeout(UPLOAD_SILENCE_MS, () => request.destroy())
        next()
        return
      }
      const limitBytes = isFile(route, request)
        ? route.file!.limitBytes
        : route.file
          ? ROWS_LIMIT_BYTES
          : JSON_LIMIT_BYTES
      request.body = await readBytes(request, limitBytes)
    }
    next()
  }
}

/** The JSON of a body that is not a file. @throws Refusal `body-malformed`, `body-missing` */
export function parseJson(bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Refusal(400, 'body-missing', 'This request needs a body of type application/json.')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'body-malformed', 'The body is not JSON in UTF-8.')
  }
}

export function isFile(route: Route, request: Request): boolean {
  return route.file?.types.includes(typeOf(request)) ?? false
}

/** The body of an upload, piece by piece. @throws Refusal `body-missing` */
export function readUpload(request: Request): { content: AsyncIterable<Uint8Array>; bytes: number | undefined } {
  if (!hasBody(request)) throw new Refusal(400, 'body-missing', 'This request needs the file as its body.')
  const length = request.headers['content-length']
  // A caller whose file is refused in the middle must still hear why.
  const content = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  return { content, bytes: length === undefined ? undefined : Number(length) }
}

function hasBody(request: Request): boolean {
  return Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers
}

function refuseType(route: Route, request: Request): void {
  const types = [...(route.body ? ['application/json'] : []), ...(route.file?.types ?? []), ...(route.upload ?? [])]
  if (types.length === 0) throw new Refusal(400, 'body-unexpected', 'This request takes no body.')
  if (!types.includes(typeOf(request)))
    throw new Refusal(415, 'media-type', `The body must be of type ${types.join(' or ')}.`, {
      headers: { Accept: types.join(', ') },
    })
  // What is small packed may be anything unpacked.
  if ((request.get('Content-Encoding') ?? 'identity') !== 'identity')
    throw new Refusal(415, 'encoding-unsupported', 'Send the body without Content-Encoding.')
}

/** Answers at once when the body is too large: what still comes is thrown away (Node's HTTP server does that). */
async function readBytes(request: Request, limitBytes: number): Promise<Buffer> {
  const refusal = new Refusal(413, 'body-too-large', `The body has more than ${limitBytes} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw refusal
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limitBytes) {
        chunks.length = 0
        reject(refusal)
      } else chunks.push(chunk)
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', (cause) => reject(new Refusal(400, 'request-malformed', 'The body broke off.', { cause })))
  })
}

function typeOf(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
}
