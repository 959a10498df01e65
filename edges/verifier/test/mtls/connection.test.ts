import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import type { RequestParts } from '@jotwarden/verifier'
import { mtls } from '@jotwarden/verifier/mtls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'

// In CI nothing is left out: there the tests fail without it
const lacksOpenssl = spawnSync('openssl', ['version']).status !== 0 && process.env.CI === undefined
if (lacksOpenssl) console.warn("NOT TESTED: TLS. It needs Debian's package openssl to make certificates.")

describe.skipIf(lacksOpenssl)('mtls() over TLS (needs openssl to make certificates)', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jotwarden-'))
    for (const name of ['server', 'client', 'thief']) selfSigned(name)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function selfSigned(name: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`]
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', `${name}.pem`], {
      cwd: folder,
      stdio: 'pipe',
    })
  }

  const pair = (name: string) => ({
    cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
  })

  /** The parts of a request that came in by TLS. */
  function partsOf(incoming: IncomingMessage): RequestParts {
    const socket = incoming.socket as TLSSocket
    return {
      method: incoming.method ?? '',
      url: `https://${incoming.headers.host}${incoming.url}`,
      headers: (name) => incoming.headersDistinct[name] ?? [],
      clientCertificate: socket.getPeerCertificate().raw,
      remoteAddress: socket.remoteAddress,
    }
  }

  /** An API that asks every client for a certificate, whoever issued it (RFC 8705 §6.2), and says what it makes of it. */
  async function api(authenticate: (request: RequestParts) => Promise<unknown>): Promise<number> {
    const options = { ...pair('server'), requestCert: true, rejectUnauthorized: false }
    const server = createServer(options, (incoming, response) => {
      void refusal(authenticate(partsOf(incoming))).then((verdict) => response.end(verdict))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return (server.address() as AddressInfo).port
  }

  function asked(
    port: number,
    token: string,
    certificate: { cert: string; key: string } | undefined,
  ): Promise<string> {
    const headers = { authorization: `Bearer ${token}` }
    const options = {
      host: '127.0.0.1',
      port,
      headers,
      agent: false,
      ca: pair('server').cert,
      ...certificate,
    }
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve(text))
      })
      sent.on('error', reject).end()
    })
  }

  test('takes the token with its own certificate, and with no other', async () => {
    const issuer = await LoopbackIssuer.start()
    const fingerprint = new X509Certificate(pair('client').cert).fingerprint256.replaceAll(':', '')
    const token = await issuer.mint({
      cnf: { 'x5t#S256': Buffer.from(fingerprint, 'hex').toString('base64url') },
    })
    const verifier = issuer.verifier({ mtls: mtls({ from: 'connection' }) })
    const port = await api((parts) => verifier.authenticate(parts))
    expect(await asked(port, token, pair('client'))).toBe('accepted')
    expect(await asked(port, token, pair('thief'))).toBe('verifier/invalid-token wrong-certificate')
    expect(await asked(port, token, undefined)).toBe('verifier/invalid-token certificate-missing')
  })
})
