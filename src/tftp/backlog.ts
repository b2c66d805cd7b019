/** libuv reads at most this many datagrams of one socket before it goes on with its loop (uv__udp_recvmsg in src/unix/udp.c). */
const READ_BURST = 32

/** Tells when everything that waited in the kernel's queue of one socket has been read. */
export class Backlog {
  #read = 0
  #waiting: (() => void)[] = []
  #watching = false

  /** To be called for every datagram read. */
  note(): void {
    this.#read++
  }

  /** Calls back after a whole turn of the event loop in which the socket was read empty. */
  whenRead(callback: () => void): void {
    this.#waiting.push(callback)
    if (this.#watching) return
    this.#watching = true
    setImmediate(this.#beginTurn)
  }

  readonly #beginTurn = (): void => {
    this.#read = 0
    setImmediate(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    if (this.#read >= READ_BURST) {
      this.#beginTurn()
      return
    }
    this.#watching = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}
