import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Load, loadGenerators } from '../src/load.ts'

// CI installs what a test needs, so that there a missing generator is a failure
const inCi = process.env.JOTWARDEN_CI !== undefined

describe.each(loadGenerators.filter((generator) => inCi || generator.isInstalled()))(
  'load from $name',
  ({ run }) => {
    test('counts answers and sends every body once, until they run out', async () => {
      const { load, bodies } = await measured(run, { lines: ['a=1', 'a=2', 'a=3'], repeatable: false })
      expect(load.exhausted).toBe(true)
      expect(bodies.slice(0, 3).toSorted()).toEqual(['a=1', 'a=2', 'a=3'])
    })

    test('sends one body again and again, and gives latencies in milliseconds', async () => {
      const { load, bodies } = await measured(run, { lines: ['a=1'], repeatable: true })
      expect(load).toMatchObject({ errors: 0, exhausted: false })
      expect(load.answers).toBeGreaterThan(10)
      expect(new Set(bodies)).toEqual(new Set(['a=1']))
      expect(load.p50).toBeGreaterThan(0)
      expect(load.p99).toBeGreaterThanOrEqual(load.p50)
      expect(load.p99).toBeLessThan(1000)
    })

    test('counts a refusal as an error, not as an answer', async () => {
      const { load } = await measured(run, { lines: ['a=1'], repeatable: true, status: 400 })
      expect(load.answers).toBe(0)
      expect(load.errors).toBeGreaterThan(10)
    })
  },
)

async function measured(
  run: (typeof loadGenerators)[number]['run'],
  { lines, repeatable, status = 200 }: { lines: readonly string[]; repeatable: boolean; status?: number },
): Promise<{ load: Load; bodies: readonly string[] }> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    bodies.push(await text(request))
    response.writeHead(request.headers['x-a'] === 'b' && request.url === '/p' ? status : 500).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const folder = mkdtempSync(join(tmpdir(), 'jotwarden-bench-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
    server.closeAllConnections()
    server.close()
  })
  const file = join(folder, 'bodies')
  writeFileSync(file, lines.join('\n'))
  const load = await run({
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: { path: '/p', headers: { 'x-a': 'b' }, repeatable },
    file,
    seconds: 1,
    connections: 2,
  })
  return { load, bodies }
}
