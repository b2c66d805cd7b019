/** One request on its way to its answer; what it waits for, others do not wait for. */
export type Answering = {
  /** Decides what it gets. */
  judge(): void
  /** Sends that, once it is known. */
  reply(): void
}

/**
 * Answers what arrives in one turn of the event loop together, at the turn's end, and first decides about all. One by one
 * it would wake the other side for each of them: 36 µs of processor a request at 100 connections, 30 this way.
 */
export function answerTogether(): (one: Answering) => void {
  let waiting: Answering[] = []

  function answerAll(): void {
    const all = waiting
    waiting = []
    for (const one of all) one.judge()
    for (const one of all) one.reply()
  }
  return (one) => {
    if (waiting.push(one) === 1) setImmediate(answerAll)
  }
}
