import { writeFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { createInterface } from 'node:readline'
import type { PreparedRequests, PrepareOrder } from '../subject.ts'

/** What a case needs: its requests, and how to make fresh bodies for them. */
export interface SubjectCase {
  readonly requests: PreparedRequests
  bodies(count: number): Promise<readonly string[]> | readonly string[]
}

/** The port of a server that now listens on loopback, on a port that was free. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Says the port, then answers orders on standard input until it closes, and ends the process. */
export async function serveSubject(
  port: number,
  cases: Readonly<Record<string, SubjectCase>>,
  close: () => Promise<void> | void,
): Promise<void> {
  say({ port })
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as PrepareOrder
    const prepared = cases[order.case]
    if (prepared === undefined) throw new Error(`Cannot prepare ${order.case}: the subject has no such case`)
    writeFileSync(order.file, (await prepared.bodies(order.count)).join('\n'))
    say(prepared.requests)
  }
  await close()
  process.exit(0)
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
