import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { createLog } from 'jotwarden'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCertificate } from '../src/serve/certificate.ts'
import { readTlsFiles, type TlsPair } from '../src/serve/tls-pair.ts'
import { freePort, serving, temporaryFolder } from './jotwarden-process.ts'
import { lacksOpenssl, makeCertificate } from './openssl.ts'

let folder: string

describe.skipIf(lacksOpenssl())('a certificate (needs openssl to make one)', () => {
  beforeEach(() => {
    folder = temporaryFolder()
    for (const prefix of ['first-', 'next-', 'third-']) makeCertificate(folder, prefix)
    for (const file of ['cert.pem', 'key.pem']) replace('first-', file)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('that was renewed is shown without a restart: no handshake fails, and open connections stay', async () => {
    const port = await freePort()
    const server = await serving([], { folder, environment: environment(port) })
    const url = `https://127.0.0.1:${port}/jwks.json`
    const ca = ['first-', 'next-', 'third-'].map((prefix) => readFileSync(join(folder, `${prefix}cert.pem`)))
    const failures: unknown[] = []
    const shown = new Map<string, number>()
    let isOver = false
    const kept = new Agent({ keepAlive: true, maxSockets: 1, ca })
    const first = await asked(url, { agent: kept })
    const load = Array.from({ length: 3 }, async () => {
      while (!isOver)
        await asked(url, { agent: new Agent({ ca }) }).then(
          ({ name }) => shown.set(name, (shown.get(name) ?? 0) + 1),
          (error) => failures.push(error),
        )
    })
    const isShown = (prefix: string) =>
      vi.waitFor(() => expect(shown.has(nameOf(prefix))).toBe(true), { timeout: 20_000 })
    await isShown('first-')
    // By themselves, the certificate before its key as certbot does
    replace('next-', 'cert.pem')
    replace('next-', 'key.pem')
    await isShown('next-')

    writeFileSync(join(folder, 'cert.pem'), 'no certificate')
    expect(await server.reload()).toMatchObject({ reloaded: false })
    replace('third-', 'cert.pem')
    expect(await server.reload()).toEqual({
      reloaded: false,
      findings: [expect.objectContaining({ problem: expect.stringContaining('do not fit together') })],
    })
    expect((await asked(url, { agent: new Agent({ ca }) })).name).toBe(nameOf('next-'))
    replace('third-', 'key.pem')
    expect(await server.reload()).toEqual({ reloaded: true, changed: [] })
    expect((await asked(url, { agent: new Agent({ ca }) })).name).toBe(nameOf('third-'))

    isOver = true
    await Promise.all(load)
    expect(failures).toEqual([])
    expect(await asked(url, { agent: kept })).toEqual(first)
    kept.destroy()
    const { code, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(stderr.match(/certificate replaced/g)).toHaveLength(2)
    expect(stderr).not.toContain('PRIVATE KEY')
  }, 40_000)

  test('that is broken stays out: it is logged once, whatever is wrong, and the next good one is taken', async () => {
    const { certificate, lines, shown } = await held(() => Date.now() / 1000)
    const watched = certificate.watch(0.01)
    try {
      replace('next-', 'key.pem')
      await vi.waitFor(() => expect(lines).toHaveLength(1), 5000)
      rmSync(join(folder, 'key.pem'))
      await vi.waitFor(() => expect(lines).toHaveLength(2), 5000)
      expect(shown).toEqual([])
      replace('next-', 'key.pem')
      replace('next-', 'cert.pem')
      await vi.waitFor(() => expect(shown).toHaveLength(1), 5000)
    } finally {
      await watched.stop()
    }
    expect(lines.filter((line) => line.includes('"error"'))).toHaveLength(2)
    expect(lines[0]).toContain('do not fit together')
    expect(lines[1]).toContain('server.tls_key cannot be read (ENOENT)')
    expect(String(shown[0]?.cert)).toBe(readFileSync(join(folder, 'next-cert.pem'), 'utf8'))
  })

  test('that has expired is warned of at the start, and is not taken for another', async () => {
    const { certificate, lines, shown } = await held(() => Date.now() / 1000 + 2 * 86_400)
    expect(lines).toEqual([expect.stringContaining('has expired')])
    expect(lines[0]).toContain('"warn"')
    // Unchanged it holds up nothing
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    expect(await certificate.prepare(files)).toBeTypeOf('function')
    const next = { cert: join(folder, 'next-cert.pem'), key: join(folder, 'next-key.pem') }
    await expect(certificate.prepare(next)).rejects.toThrow('has expired')
    expect(shown).toEqual([])
  })
})

async function held(now: () => number) {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const lines: string[] = []
  const shown: TlsPair[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const certificate = createCertificate({
    files,
    pair: await readTlsFiles(files),
    show: (pair) => shown.push(pair),
    log: createLog({ level: 'info', format: 'json', stream }),
    clock: { now },
  })
  return { certificate, lines, shown }
}

function replace(prefix: string, file: string): void {
  copyFileSync(join(folder, `${prefix}${file}`), join(folder, file))
}

function nameOf(prefix: string): string {
  return new X509Certificate(readFileSync(join(folder, `${prefix}cert.pem`))).fingerprint256
}

/** One request: who answered, and over which connection. */
async function asked(url: string, options: { readonly agent: Agent }) {
  const [answer] = await once(get(url, options), 'response')
  const { socket, statusCode } = answer
  if (statusCode !== 200 || !(socket instanceof TLSSocket)) throw new Error(`answered ${statusCode}`)
  const name = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
  const { localPort } = socket
  answer.resume()
  await once(answer, 'end')
  return { name, localPort }
}

function environment(port: number): Readonly<Record<string, string>> {
  return {
    JOTWARDEN_KEK: 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ',
    JOTWARDEN_KEYS_OWNER: 'ann',
    JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
    JOTWARDEN_ISSUER: `https://127.0.0.1:${port}`,
    JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${port}`,
    JOTWARDEN_SERVER_TLS_CERT: 'cert.pem',
    JOTWARDEN_SERVER_TLS_KEY: 'key.pem',
  }
}
