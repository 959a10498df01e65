import { createHmac } from 'node:crypto'
import {
  decodeBase64url,
  encodeBase64url,
  importSecretKey,
  Secret,
  signerOf,
  signJwt,
} from '@jotwarden/token'
import { VerifierError } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { audience, LoopbackIssuer, refusal, testKey } from './loopback-issuer.ts'

describe('verify() accepts', () => {
  for (const alg of ['ES256', 'Ed25519', 'RS256'] as const)
    test(`an access token signed with ${alg}, and says who calls`, async () => {
      const issuer = await LoopbackIssuer.start()
      issuer.keys = [testKey(alg)]
      const auth = await issuer.verifier().verify(await issuer.mint())
      expect(auth).toMatchObject({
        tokenKind: 'jwt',
        subject: 'user-1',
        clientId: 'client-1',
        issuer: issuer.issuer,
        audience: [audience],
        expiresAt: issuer.clock.now() + 600,
      })
      expect([...auth.scopes]).toEqual(['read', 'write'])
    })

  test('the public example claims: several audiences, no scope', async () => {
    const issuer = await LoopbackIssuer.start()
    const { scope: _left, ...claims } = issuer.claims({ aud: ['https://other.example', audience] })
    const signer = issuer.keys[0]?.signer
    if (signer === undefined) throw new Error('no key')
    const auth = await issuer.verifier().verify(await signJwt({ typ: 'at+jwt', claims }, signer))
    expect(auth.scopes.size).toBe(0)
    expect(auth.has('read')).toBe(false)
  })
})

describe('verify() refuses', () => {
  test('options of a call that it does not know, in every way of asking', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    const token = await issuer.mint()
    const request = new Request('https://api.example', { headers: { authorization: `Bearer ${token}` } })
    for (const call of [{ scopes: ['admin'] }, { whenStale: 'Allow' }, 0, 'key', null] as never[]) {
      expect(await refusal(verifier.verify(token, call))).toBe('verifier/options')
      expect(await refusal(verifier.authenticate(request, call))).toBe('verifier/options')
      expect(() => verifier.verifySync(token, call)).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
      expect(await verifier.verifyMany([token], call)).toMatchObject([
        { error: { code: 'verifier/options' } },
      ])
    }
    expect(await refusal(verifier.verify(token, { whenStale: 'allow' }))).toBe('accepted')
  })

  test('a token of which any one byte is changed', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      expect(await refusal(verifier.verify(changed))).toMatch(/^verifier\/invalid-token token\//)
    }
  })

  const claims: readonly [string, Parameters<LoopbackIssuer['claims']>[0], string][] = [
    ['an expired token', { exp: 1_799_999_900, iat: 1_799_999_800 }, 'expired'],
    ['a token for another audience', { aud: 'https://other.example' }, 'wrong-audience'],
    ['a token of another issuer', { iss: 'https://other.example' }, 'wrong-issuer'],
    ['a token whose issuer has one more slash', { iss: 'http://127.0.0.1/' }, 'wrong-issuer'],
    ['a token that lives too long', { exp: 1_800_086_400 }, 'lifetime-too-long'],
    ['a token bound to a DPoP key', { cnf: { jkt: 'A'.repeat(43) } }, 'sender-constrained'],
    ['a token bound to a certificate', { cnf: { 'x5t#S256': 'A'.repeat(43) } }, 'sender-constrained'],
    ['a token bound to something unknown', { cnf: { new: 'x' } }, 'unknown-confirmation'],
  ]
  for (const [name, over, reason] of claims)
    test(name, async () => {
      const issuer = await LoopbackIssuer.start()
      expect(await refusal(issuer.verifier().verify(await issuer.mint(over)))).toBe(
        `verifier/invalid-token ${reason}`,
      )
    })

  test('an ID token where an access token is expected', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({ nonce: 'n' }, undefined, 'JWT')
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token wrong-typ')
  })

  test('maxAge: a token issued too long ago', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint()
    issuer.clock.pass(120)
    expect(await refusal(issuer.verifier({ maxAge: 60 }).verify(token))).toBe(
      'verifier/invalid-token too-old',
    )
    expect(await refusal(issuer.verifier({ maxAge: 120 }).verify(token))).toBe('accepted')
  })

  test('algorithms: what was narrowed away, though the issuer has the key', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ algorithms: ['Ed25519'] })
    expect(await refusal(verifier.verify(await issuer.mint()))).toBe('verifier/invalid-token token/alg')
    expect(issuer.asked).toEqual([])
  })

  const spellings = ['none', 'None', 'NONE', 'nOnE', 'none ', 'HS256', 'HS384', 'es256', 'EdDSA', 'RS1', '']
  for (const alg of spellings)
    test(`alg ${JSON.stringify(alg)}, without asking the issuer for a key`, async () => {
      const issuer = await LoopbackIssuer.start()
      const [, payload = ''] = (await issuer.mint()).split('.')
      for (const signature of ['', encodeBase64url(new Uint8Array(64))]) {
        const header = json({ alg, typ: 'at+jwt', kid: issuer.keys[0]?.publicJwk.kid })
        const token = `${header}.${payload}.${signature}`
        expect(await refusal(issuer.verifier().verify(token))).toMatch(/^verifier\/invalid-token token\//)
      }
      expect(issuer.asked).toEqual([])
    })

  test('HS256 with the public key as the secret, in every spelling of it', async () => {
    const issuer = await LoopbackIssuer.start()
    const { publicJwk } = issuer.keys[0] ?? testKey()
    const [, payload = ''] = (await issuer.mint()).split('.')
    const header = json({ alg: 'HS256', typ: 'at+jwt', kid: publicJwk.kid })
    for (const secret of [JSON.stringify(publicJwk), publicJwk.x ?? '', decodeBase64url(publicJwk.x ?? '')]) {
      const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
      expect(await refusal(issuer.verifier().verify(`${header}.${payload}.${mac}`))).toMatch(
        /^verifier\/invalid-token/,
      )
    }
  })

  test('HS256 though the issuer itself publishes the secret', async () => {
    const issuer = await LoopbackIssuer.start()
    const secret = Uint8Array.from({ length: 64 }, (_, at) => at * 37)
    const { sign } = importSecretKey(Secret.fromBytes(secret), { alg: 'HS256', kid: 'shared' })
    issuer.answers.set('/jwks', (_, response) =>
      response.end(
        JSON.stringify({ keys: [{ kty: 'oct', kid: 'shared', alg: 'HS256', k: encodeBase64url(secret) }] }),
      ),
    )
    expect(await refusal(issuer.verifier().verify(await issuer.mint({}, signerOf(sign))))).toMatch(
      /invalid-token token\/alg/,
    )
  })

  test('a token signed by a key that the issuer does not have', async () => {
    const issuer = await LoopbackIssuer.start()
    const stranger = testKey()
    expect(await refusal(issuer.verifier().verify(await issuer.mint({}, stranger.signer)))).toBe(
      'verifier/invalid-token token/unknown-key',
    )
  })

  test('a token signed by another key under the key id of the issuer', async () => {
    const issuer = await LoopbackIssuer.start()
    const kid = issuer.keys[0]?.publicJwk.kid ?? ''
    const { signer } = testKey()
    const token = await issuer.mint({}, { alg: 'ES256', kid, sign: (data) => signer.sign(data) })
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token token/signature')
  })

  const shapes = ['', '.', '..', '...', 'a.b', 'x'.repeat(20_000), '{"payload":"x"}', 'a.b.c.d.e']
  for (const shape of shapes)
    test(`${JSON.stringify(shape.slice(0, 20))} (${shape.length} characters), without asking for a key`, async () => {
      const issuer = await LoopbackIssuer.start()
      expect(await refusal(issuer.verifier().verify(shape))).toMatch(/^verifier\/invalid-token token\//)
      expect(issuer.asked).toEqual([])
    })
})

test('VerifierError never shows a byte of the token', async () => {
  const issuer = await LoopbackIssuer.start()
  const token = await issuer.mint({ aud: 'https://other.example' })
  const error = await issuer
    .verifier()
    .verify(token)
    .catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(VerifierError)
  const shown = `${String(error)} ${JSON.stringify(error)}`
  for (const part of token.split('.')) expect(shown).not.toContain(part.slice(0, 12))
})

function json(value: unknown): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
}
