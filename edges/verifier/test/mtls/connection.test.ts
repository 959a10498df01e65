import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verifier } from '@jotwarden/verifier'
import { mtls } from '@jotwarden/verifier/mtls'
import { withAuth } from '@jotwarden/verifier/node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'

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

  /** An API that asks every client for a certificate, whoever issued it (RFC 8705 §6.2). */
  async function api(verifier: Verifier): Promise<number> {
    const options = { ...pair('server'), requestCert: true, rejectUnauthorized: false }
    const guarded = withAuth(verifier, {}, (_, response, auth) => response.end(auth.confirmation?.type))
    const server = createServer(options, (incoming, response) => void guarded(incoming, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return (server.address() as AddressInfo).port
  }

  function asked(
    port: number,
    token: string,
    certificate: { cert: string; key: string } | undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const headers = { authorization: `Bearer ${token}`, ...more }
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
        response.on('end', () => resolve(`${response.statusCode} ${text}`))
      })
      sent.on('error', reject).end()
    })
  }

  async function bound(): Promise<{ issuer: LoopbackIssuer; token: string }> {
    const issuer = await LoopbackIssuer.start()
    const fingerprint = new X509Certificate(pair('client').cert).fingerprint256.replaceAll(':', '')
    const x5t = Buffer.from(fingerprint, 'hex').toString('base64url')
    return { issuer, token: await issuer.mint({ cnf: { 'x5t#S256': x5t } }) }
  }

  test('takes the token with its own certificate, and with no other', async () => {
    const { issuer, token } = await bound()
    const port = await api(issuer.verifier({ mtls: mtls({ from: 'connection' }) }))
    expect(await asked(port, token, pair('client'))).toBe('200 mtls')
    expect(await asked(port, token, pair('thief'))).toBe('401 ')
    expect(await asked(port, token, undefined)).toBe('401 ')
  })

  for (const [proxy, name, answer] of [
    ['127.0.0.1', 'client', '200 mtls'],
    ['127.0.0.1', 'thief', '401 '],
    ['10.0.0.7', 'client', '401 '],
  ] as const)
    test(`answers ${answer} to the certificate of the ${name} in a header from here, where ${proxy} is trusted`, async () => {
      const { issuer, token } = await bound()
      const from = { header: 'Client-Cert', format: 'escaped-pem', proxies: [proxy] } as const
      const port = await api(issuer.verifier({ mtls: mtls({ from }) }))
      // The proxy has a certificate of its own
      const headers = { 'client-cert': encodeURIComponent(pair(name).cert) }
      expect(await asked(port, token, pair('client'), headers)).toBe(answer)
    })
})
