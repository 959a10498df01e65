import type { AddressInfo } from 'node:net'
import type { Fetch } from '../platform.ts'

/** A server on a free loopback port that answers as a `fetch` does. Node, Deno and Bun alone. */
export interface LoopbackServer {
  readonly origin: string
  /** What it answers with, once it is known where it listens. */
  answer: Fetch
  close(): Promise<void>
}

export async function loopbackServer(): Promise<LoopbackServer> {
  // Loaded only here: the rest of the test helpers runs where there are no servers
  const { createServer } = await import('node:http')
  const served: { answer: Fetch } = { answer: async () => new Response(null, { status: 503 }) }
  const server = createServer((request, response) => {
    served
      .answer(`${origin}${request.url ?? '/'}`, {})
      .then(async (answer) =>
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text()),
      )
      .catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(served, {
    origin,
    close: (): Promise<void> => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  })
}
