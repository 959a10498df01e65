import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importSignKey, parsePrivateJwk, publicJwkOf, signerOf } from '@jotwarden/token'
import { certificateAnchors } from '@jotwarden/verifier/certificates'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal, type TestKey } from './loopback-issuer.ts'

// In CI nothing is left out: there the tests fail without it
const lacksOpenssl = spawnSync('openssl', ['version']).status !== 0 && process.env.CI === undefined
if (lacksOpenssl) console.warn("NOT TESTED: certificates. It needs Debian's package openssl to make them.")

describe.skipIf(lacksOpenssl)('certificateAnchors() (needs openssl to make certificates)', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jotwarden-'))
    for (const name of ['root', 'stranger']) selfSigned(name)
    issued('middle', 'root', 'CA:TRUE')
    issued('leaf', 'middle', 'CA:FALSE')
    issued('direct', 'root', 'CA:FALSE')
    issued('other', 'stranger', 'CA:FALSE')
    issued('below-leaf', 'leaf', 'CA:FALSE')
    // The issuer's clock stands in 2027
    issued('old', 'root', 'CA:FALSE', '1')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

  function selfSigned(name: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '3650',
    )
  }

  function issued(name: string, by: string, constraints: string, days = '3650'): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`]
    const issuer = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-days', days]
    const extension = ['-addext', `basicConstraints=critical,${constraints}`]
    openssl('req', '-x509', ...key, '-out', `${name}.pem`, '-subj', `/CN=${name}`, ...issuer, ...extension)
  }

  const pem = (name: string): string => readFileSync(join(folder, `${name}.pem`), 'utf8')
  const der = (name: string): string => new X509Certificate(pem(name)).raw.toString('base64')

  /** The key of a certificate, published with a chain. */
  function published(name: string, chain: readonly unknown[] | undefined): TestKey {
    const key = createPrivateKey(readFileSync(join(folder, `${name}.key`)))
    const privateJwk = parsePrivateJwk({ ...key.export({ format: 'jwk' }), alg: 'ES256', kid: name })
    const publicJwk = { ...publicJwkOf(privateJwk), ...(chain === undefined ? {} : { x5c: chain }) }
    return { publicJwk, signer: signerOf(importSignKey(privateJwk)) }
  }

  async function verdict(key: TestKey, anchors = ['root']): Promise<string> {
    const issuer = await LoopbackIssuer.start()
    issuer.keys = [key]
    const verifier = issuer.verifier({ anchors: certificateAnchors({ anchors: anchors.map(pem) }) })
    return refusal(verifier.verify(await issuer.mint()))
  }

  test('takes keys whose chain leads to the anchor', async () => {
    expect(await verdict(published('direct', [der('direct')]))).toBe('accepted')
    expect(await verdict(published('leaf', [der('leaf'), der('middle')]))).toBe('accepted')
    expect(await verdict(published('leaf', [der('leaf'), der('middle'), der('root')]))).toBe('accepted')
    expect(await verdict(published('leaf', [der('leaf')]), ['stranger', 'middle'])).toBe('accepted')
  })

  const refusedChains: readonly [string, string, (() => unknown[]) | undefined][] = [
    ['without a chain', 'leaf', undefined],
    ['with an empty chain', 'leaf', () => []],
    ['with a gap in the chain', 'leaf', () => [der('leaf')]],
    ['of another authority', 'other', () => [der('other'), der('stranger')]],
    ['whose certificate is of another key', 'leaf', () => [der('direct')]],
    ['whose issuer is no authority', 'below-leaf', () => [der('below-leaf'), der('leaf'), der('middle')]],
    ['whose certificate has expired', 'old', () => [der('old')]],
    ['with a chain in the wrong order', 'leaf', () => [der('middle'), der('leaf')]],
    ['with a chain that is too long', 'leaf', () => [der('leaf'), ...Array(5).fill(der('middle'))]],
    ['with something else for a certificate', 'leaf', () => [der('leaf'), 'x', der('middle')]],
    ['with base64url', 'direct', () => [`${der('direct').replace(/=+$/, '')}-_`]],
    ['with numbers', 'leaf', () => [1]],
  ]
  for (const [name, key, chain] of refusedChains)
    test(`refuses a key ${name}`, async () =>
      expect(await verdict(published(key, chain?.()))).toBe('verifier/invalid-token token/unknown-key'))

  test('the anchor’s own validity counts too', () => {
    const anchors = certificateAnchors({ anchors: [pem('root')] })
    const jwk = published('direct', [der('direct')]).publicJwk
    const now = Date.now() / 1000
    expect(anchors.vouchFor(jwk, now)).toBe(true)
    expect(anchors.vouchFor(jwk, now + 4000 * 86_400)).toBe(false)
    expect(anchors.vouchFor(jwk, now - 86_400)).toBe(false)
  })

  for (const nothing of [[], ['no pem'], undefined])
    test(`refuses the anchors ${JSON.stringify(nothing)}`, () =>
      expect(() => certificateAnchors({ anchors: nothing as string[] })).toThrow(/the option anchors /))
  test('refuses an anchor that is no authority', () =>
    expect(() => certificateAnchors({ anchors: [pem('direct')] })).toThrow(/no certificate of an authority/))
})
