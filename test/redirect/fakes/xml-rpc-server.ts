import { SaxesParser } from 'saxes'
import type { FakeAsk, FakeReply } from './fake-cloud.ts'

export type Given = string | Given[]

/** A call as the XML-RPC specification has it, read by a conforming XML parser; anything else is an error. */
export function readCall(xml: string): { method: string; parameters: Given[] } {
  const parser = new SaxesParser()
  const path: string[] = []
  const lists: Given[][] = [[]]
  let method = ''
  let text = ''
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (Object.keys(attributes).length > 0) throw new Error(`${name} has attributes`)
    path.push(name)
    text = ''
    const where = path.join('/').replaceAll('/value/array/data', '')
    if (!SHAPES.has(where.replace(/(\/value)+(?=\/value)/g, ''))) throw new Error(`${path.join('/')} is out of place`)
    if (name === 'array') lists.push([])
  })
  parser.on('text', (more) => (text += more))
  parser.on('cdata', (more) => (text += more))
  parser.on('closetag', ({ name }) => {
    if (name === 'methodName') method = text
    if (name === 'string') lists.at(-1)!.push(text)
    if (name === 'array') {
      const list = lists.pop()!
      lists.at(-1)!.push(list)
    }
    if (name !== 'string' && name !== 'methodName' && text.trim() !== '') throw new Error(`text in ${name}`)
    text = ''
    path.pop()
  })
  parser.write(xml).close()
  if (!/^[A-Za-z0-9_.:/]+$/.test(method)) throw new Error('there is no method')
  return { method, parameters: lists[0]! }
}

const VALUE = 'methodCall/params/param/value'
const SHAPES = new Set([
  ...['methodCall', 'methodCall/methodName', 'methodCall/params', 'methodCall/params/param', VALUE],
  ...[`${VALUE}/string`, `${VALUE}/array`, `${VALUE}/array/data`],
])

/** An answer as these services write them: without a type for texts, in CDATA or escaped. */
export function writeAnswer(done: boolean, value: Given): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<methodResponse xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"><params><param><value><array><data>
<value><boolean>${done ? 1 : 0}</boolean></value>${writeValue(value)}
</data></array></value></param></params></methodResponse>`
}

function writeValue(value: Given): string {
  if (Array.isArray(value)) return `<value><array><data>${value.map(writeValue).join('')}</data></array></value>`
  return `<value>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</value>`
}

/** An XML-RPC server with basic authentication. `answer` gives a pair, or null for a method or parameters that it lacks. */
export function serveXmlRpc(
  account: { user: string; password: string; path: string },
  answer: (method: string, parameters: Given[]) => [boolean, Given] | null,
  faults: string[],
): (ask: FakeAsk) => FakeReply {
  const expected = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`
  return ({ method, url, headers, body }): FakeReply => {
    if (method !== 'POST' || url.pathname !== account.path) return { status: 404 }
    if (headers.authorization !== expected) return { status: 401, headers: { 'www-authenticate': 'Basic' } }
    if (headers['content-type'] !== 'text/xml') {
      faults.push('content-type')
      return { status: 415 }
    }
    try {
      const call = readCall(body)
      const pair = answer(call.method, call.parameters)
      if (pair) return { status: 200, headers: { 'content-type': 'text/xml' }, body: writeAnswer(...pair) }
      faults.push(`${call.method}(${JSON.stringify(call.parameters)})`)
    } catch (error) {
      faults.push((error as Error).message)
    }
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: FAULT }
  }
}

const FAULT = `<?xml version="1.0"?><methodResponse><fault><value><struct>
<member><name>faultCode</name><value><int>4</int></value></member>
<member><name>faultString</name><value><string>No such method.</string></value></member>
</struct></value></fault></methodResponse>`
