import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between an API and its authority that a test can cut, hold or slow down. */
export class Between {
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  readonly #server: Server
  #held = false
  #refusing = false
  #delay = 0

  private constructor(target: number) {
    this.#server = createServer((near) => this.#join(near, target))
  }

  static async to(origin: string): Promise<Between> {
    const between = new Between(Number(new URL(origin).port))
    await new Promise<void>((resolve) => between.#server.listen(0, '127.0.0.1', resolve))
    return between
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends every connection at once; new ones are made. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy()
  }

  /** Nothing comes through any more in either direction, and nobody is told: a half-open connection, also for new ones. */
  hold(): void {
    this.#held = true
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  /** What was held back comes through all at once. */
  release(): void {
    this.#held = false
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  /** Everything the authority says takes so many milliseconds longer, and stays in order. */
  slow(milliseconds: number): void {
    this.#delay = milliseconds
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing
    if (refusing) this.cut()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket, target: number): void {
    if (this.#refusing) return void near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    const pair = [near, far] as const
    this.#pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
      if (this.#held) socket.pause()
    }
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => {
      if (this.#delay === 0) near.write(chunk)
      else setTimeout(() => near.write(chunk), this.#delay)
    })
  }
}
