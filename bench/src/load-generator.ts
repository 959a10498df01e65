import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { Load, LoadOrder } from './load.ts'

// Stands in for wrk where it is not installed: the same order, the same figures, a heavier process.

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
const bodies = readFileSync(order.file, 'utf8').split('\n')
const agent = new Agent({ keepAlive: true, maxSockets: order.connections })
const times: number[] = []
let next = 0
let errors = 0
let exhausted = false

function nextBody(): string | undefined {
  if (order.requests.repeatable) return bodies[0]
  exhausted ||= next === bodies.length
  return bodies[next++]
}

function send(body: string): Promise<number> {
  const { requests, origin } = order
  const headers = { ...requests.headers, 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(requests.path, origin), { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function connection(until: number): Promise<void> {
  while (performance.now() < until && !exhausted) {
    const body = nextBody()
    if (body === undefined) return
    const start = performance.now()
    const status = await send(body).catch(() => 0)
    if (status >= 200 && status < 400) times.push(performance.now() - start)
    else errors += 1
  }
}

const start = performance.now()
const until = start + order.seconds * 1000
await Promise.all(Array.from({ length: order.connections }, () => connection(until)))
const seconds = (performance.now() - start) / 1000
agent.destroy()

const sorted = times.toSorted((a, b) => a - b)
const load: Load = {
  answers: times.length,
  seconds,
  errors,
  p50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
  p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  exhausted,
}
console.log(JSON.stringify(load))
