import { unsafe, type Entry, type Format } from './format.ts'

/** JSON (RFC 8259); templates write the quotes. Keys are paths, `/lines/0/user`. */
export const jsonFormat: Format = {
  joint: ',',
  escape: (value) => JSON.stringify(value).slice(1, -1),
  read: (text) => {
    try {
      return [...flatten('', JSON.parse(text))]
    } catch (error) {
      // The parser's message quotes the text, which may hold a password: it is not passed on, not even as a cause.
      if (error instanceof SyntaxError) throw unsafe('The file is not JSON')
      throw error
    }
  },
}

function* flatten(path: string, value: unknown): Generator<Entry> {
  if (typeof value !== 'object' || value === null) {
    yield { key: path, value: String(value) }
    return
  }
  yield { key: path, value: Array.isArray(value) ? '[]' : '{}' }
  for (const [name, item] of Object.entries(value)) yield* flatten(`${path}/${name}`, item)
}
