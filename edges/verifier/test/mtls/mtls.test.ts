import { createHash, randomBytes } from 'node:crypto'
import type { JsonObject } from '@jotwarden/token'
import { challenge, type RequestParts } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { type MtlsOptions, mtls } from '@jotwarden/verifier/mtls'
import { describe, expect, test } from 'vitest'
import { DpopClient, parts, proofClaims } from '../dpop/dpop-client.ts'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'

const certificate = randomBytes(700)
const other = randomBytes(700)
const thumbprint = x5t(certificate)
const refused = 'verifier/invalid-token'

function x5t(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

/** What an API says to a token bound to a certificate. */
async function verdict(
  options: MtlsOptions,
  over: Partial<RequestParts>,
  lines: readonly (readonly [string, string])[] = [],
): Promise<string> {
  const issuer = await LoopbackIssuer.start()
  const token = await issuer.mint({ cnf: { 'x5t#S256': thumbprint } })
  const verifier = issuer.verifier({ mtls: mtls(options) })
  return refusal(verifier.authenticate(parts([['authorization', `Bearer ${token}`], ...lines], over)))
}

describe("mtls({ from: 'connection' }) (RFC 8705 §3)", () => {
  const seen: readonly [string, Uint8Array | undefined, string][] = [
    ['the certificate of the token', certificate, 'accepted'],
    ['another certificate', other, `${refused} wrong-certificate`],
    ['one byte more', Buffer.concat([certificate, Buffer.alloc(1)]), `${refused} wrong-certificate`],
    ['no certificate', undefined, `${refused} certificate-missing`],
    ['an empty certificate', new Uint8Array(), `${refused} certificate-missing`],
  ]
  for (const [name, clientCertificate, expected] of seen)
    test(`says to ${name}: ${expected}`, async () =>
      expect(await verdict({ from: 'connection' }, { clientCertificate })).toBe(expected))

  test('reads no header', async () => {
    const lines = [['client-cert', `:${certificate.toString('base64')}:`] as const]
    expect(await verdict({ from: 'connection' }, { remoteAddress: '127.0.0.1' }, lines)).toBe(
      `${refused} certificate-missing`,
    )
  })

  test('refuses a Fetch request, which shows no connection', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({ cnf: { 'x5t#S256': thumbprint } })
    const request = new Request('https://api.example/', { headers: { authorization: `Bearer ${token}` } })
    const verifier = issuer.verifier({ mtls: mtls({ from: 'connection' }) })
    expect(await refusal(verifier.authenticate(request))).toBe(`${refused} certificate-missing`)
  })

  test('gives a context that names the certificate', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({ cnf: { 'x5t#S256': thumbprint } })
    const request = parts([['authorization', `Bearer ${token}`]], { clientCertificate: certificate })
    const auth = await issuer.verifier({ mtls: mtls({ from: 'connection' }) }).authenticate(request)
    expect(auth.confirmation).toEqual({ type: 'mtls', thumbprint })
    expect(auth.responseHeaders).toEqual({})
  })

  test('is answered with 401 invalid_token', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({ cnf: { 'x5t#S256': thumbprint } })
    const request = parts([['authorization', `Bearer ${token}`]], { clientCertificate: other })
    const verifier = issuer.verifier({ mtls: mtls({ from: 'connection' }) })
    const error = await verifier.authenticate(request).catch((cause: unknown) => cause)
    expect(challenge(error)).toMatchObject({ status: 401 })
    expect(JSON.stringify(challenge(error).headers)).toContain('invalid_token')
  })

  test('refuses a token that is bound to nothing, unless required is false', async () => {
    const issuer = await LoopbackIssuer.start()
    const request = parts([['authorization', `Bearer ${await issuer.mint()}`]], {
      clientCertificate: certificate,
    })
    const [strict, lax] = [{}, { required: false }].map((more) =>
      issuer.verifier({ mtls: mtls({ from: 'connection', ...more }) }),
    )
    expect(await refusal(strict?.authenticate(request) ?? Promise.resolve())).toBe(
      `${refused} not-sender-constrained`,
    )
    expect((await lax?.authenticate(request))?.confirmation).toBeUndefined()
  })
})

describe('mtls() beside dpop()', () => {
  test('takes tokens that are bound in either way, and none that is bound in no way', async () => {
    const issuer = await LoopbackIssuer.start()
    const client = new DpopClient()
    const send = async (cnf: JsonObject | undefined, scheme: string, required: boolean): Promise<string> => {
      const ways = { dpop: dpop({ nonce: null, required }), mtls: mtls({ from: 'connection' }) }
      const token = await issuer.mint(cnf === undefined ? {} : { cnf })
      const dpopLine = ['dpop', client.proof(proofClaims(token, issuer.clock.now()))] as const
      const request = parts([['authorization', `${scheme} ${token}`], dpopLine], {
        clientCertificate: certificate,
      })
      return refusal(issuer.verifier(ways).authenticate(request))
    }
    for (const required of [true, false]) {
      expect(await send({ 'x5t#S256': thumbprint }, 'Bearer', required)).toBe('accepted')
      expect(await send({ jkt: client.thumbprint }, 'DPoP', required)).toBe('accepted')
      expect(await send(undefined, 'Bearer', required)).toBe(`${refused} not-sender-constrained`)
      expect(await send({ 'x5t#S256': thumbprint }, 'DPoP', required)).toBe(`${refused} wrong-scheme`)
    }
  })

  test('asks for both proofs of a token that is bound in both ways', async () => {
    const issuer = await LoopbackIssuer.start()
    const client = new DpopClient()
    const token = await issuer.mint({ cnf: { jkt: client.thumbprint, 'x5t#S256': thumbprint } })
    const verifier = issuer.verifier({ dpop: dpop({ nonce: null }), mtls: mtls({ from: 'connection' }) })
    const send = (proof: boolean, clientCertificate?: Uint8Array) => {
      const lines = proof ? [['dpop', client.proof(proofClaims(token, issuer.clock.now()))] as const] : []
      return refusal(
        verifier.authenticate(parts([['authorization', `DPoP ${token}`], ...lines], { clientCertificate })),
      )
    }
    expect(await send(true, certificate)).toBe('accepted')
    expect(await send(true, other)).toBe(`${refused} wrong-certificate`)
    expect(await send(true)).toBe(`${refused} certificate-missing`)
    expect(await send(false, certificate)).toBe('verifier/invalid-dpop-proof proof-missing')
  })
})

describe('mtls() options', () => {
  const from = { header: 'client-cert', format: 'rfc9440', proxies: ['10.0.0.7'] }
  const wrong: readonly [string, unknown][] = [
    ['mtls', undefined],
    ['mtls', 'connection'],
    ['mtls.from', {}],
    ['mtls.from', { from: 'header' }],
    ['mtls.from', { from: null }],
    ['mtls.unknown', { from: 'connection', unknown: true }],
    ['mtls.required', { from: 'connection', required: null }],
    ['mtls.from.trusted', { from: { ...from, trusted: true } }],
    ['mtls.from.header', { from: { ...from, header: undefined } }],
    ['mtls.from.header', { from: { ...from, header: 'client cert' } }],
    ['mtls.from.format', { from: { ...from, format: 'pem' } }],
    ['mtls.from.proxies', { from: { ...from, proxies: undefined } }],
    ['mtls.from.proxies', { from: { ...from, proxies: [] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: '10.0.0.7' } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['proxy.example'] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['0.0.0.0/0'] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['::/0'] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['10.0.0.0/33'] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['10.0.0.0/'] } }],
    ['mtls.from.proxies', { from: { ...from, proxies: ['10.0.0.7', 7] } }],
  ]
  for (const [option, options] of wrong)
    test(`are refused at once: ${option} of ${JSON.stringify(options)}`, () => {
      expect(() => mtls(options as MtlsOptions)).toThrow(
        expect.objectContaining({
          code: 'verifier/options',
          message: expect.stringContaining(`option ${option} `),
        }),
      )
    })
})
