import { generateKeyPairSync, sign } from 'node:crypto'
import { tokenCache } from '@jotwarden/verifier/cache'
import { type DpopOptions, dpop } from '@jotwarden/verifier/dpop'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { DpopClient, encoded, ORDERS, parts, proofClaims, sha256 } from './dpop-client.ts'
import { invalid, scene } from './dpop-scene.ts'

describe('dpop(), a proof that is right', () => {
  test('gives a context that names the key', async () => {
    const { client, claims, send } = await scene()
    const auth = await send(client.proof(claims()))
    expect(auth.confirmation).toEqual({ type: 'dpop', thumbprint: client.thumbprint })
    expect(auth.subject).toBe('user-1')
    expect(auth.responseHeaders).toEqual({})
    expect(Object.isFrozen(auth.responseHeaders)).toBe(true)
  })

  test('passes as a Fetch request as well', async () => {
    const { client, verifier, token, claims } = await scene()
    const headers = { authorization: `DPoP ${token}`, dpop: client.proof(claims()) }
    expect(
      (await verifier.authenticate(new Request(`${ORDERS}?page=2`, { headers }))).confirmation?.type,
    ).toBe('dpop')
  })

  test('of each algorithm of ours passes', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ dpop: dpop({ nonce: null }) })
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const ed25519 = generateKeyPairSync('ed25519')
    for (const [alg, { publicKey, privateKey }, hash] of [
      ['RS256', rsa, 'sha256'],
      ['Ed25519', ed25519, null],
    ] as const) {
      const { kty, n, e, crv, x } = publicKey.export({ format: 'jwk' })
      const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x }
      const token = await issuer.mint({ cnf: { jkt: sha256(JSON.stringify(members)) } })
      const header = encoded(JSON.stringify({ typ: 'dpop+jwt', alg, jwk: members }))
      const input = `${header}.${encoded(JSON.stringify(proofClaims(token, issuer.clock.now())))}`
      const proof = `${input}.${sign(hash, Buffer.from(input), privateKey).toString('base64url')}`
      const lines = [
        ['authorization', `DPoP ${token}`],
        ['dpop', proof],
      ] as const
      expect((await verifier.authenticate(parts(lines))).confirmation?.type, alg).toBe('dpop')
    }
  })

  // RFC 9449 §7.1, figures 12 and 13
  test('of the RFC passes for its token, method, URI and time', async () => {
    const proof =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA'
    const request = parts([['dpop', proof]], { url: 'https://resource.example.org/protectedresource' })
    const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
    const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'
    expect(await dpop({ nonce: null }).check(request, token, jkt, 1_562_262_618)).toEqual({})
    expect(await refusal(dpop({ nonce: null }).check(request, `${token}x`, jkt, 1_562_262_618))).toBe(
      `${invalid} wrong-token`,
    )
  })
})

describe('dpop(), the header field', () => {
  const lines: readonly [string, (proof: () => string) => readonly string[], string][] = [
    ['is missing', () => [], 'proof-missing'],
    ['is there twice', (proof) => [proof(), proof()], 'proof-repeated'],
    ['is there twice with one proof', (proof) => Array(2).fill(proof()), 'proof-repeated'],
    ['holds two proofs', (proof) => [`${proof()}, ${proof()}`], 'proof-repeated'],
    ['holds a proof and an empty one', (proof) => [`${proof()},`], 'proof-repeated'],
  ]
  for (const [name, values, reason] of lines)
    test(`is refused when it ${name}`, async () => {
      const { client, claims, token, verifier } = await scene()
      const fields = values(() => client.proof(claims())).map((value) => ['dpop', value] as const)
      const request = parts([['authorization', `DPoP ${token}`], ...fields])
      expect(await refusal(verifier.authenticate(request))).toBe(`${invalid} ${reason}`)
    })

  test('is refused when a Fetch request joins two', async () => {
    const { client, claims, token, verifier } = await scene()
    const request = new Request(ORDERS, { headers: { authorization: `DPoP ${token}` } })
    for (let count = 0; count < 2; count += 1) request.headers.append('dpop', client.proof(claims()))
    expect(await refusal(verifier.authenticate(request))).toBe(`${invalid} proof-repeated`)
  })
})

describe('dpop(), the token beside the proof (RFC 9449 §7.1)', () => {
  test('is refused as a bearer token when it is bound, with its proof and without', async () => {
    const { client, claims, token, verifier } = await scene({ required: false })
    for (const proof of [[], [['dpop', client.proof(claims())] as const]]) {
      const request = parts([['authorization', `Bearer ${token}`], ...proof])
      expect(await refusal(verifier.authenticate(request))).toBe('verifier/invalid-token wrong-scheme')
    }
  })

  test('is refused under the scheme DPoP when it is not bound', async () => {
    const { issuer, client, verifier } = await scene({ required: false })
    const token = await issuer.mint()
    const proof = client.proof(proofClaims(token, issuer.clock.now()))
    const request = parts([
      ['authorization', `DPoP ${token}`],
      ['dpop', proof],
    ])
    expect(await refusal(verifier.authenticate(request))).toBe('verifier/invalid-token wrong-scheme')
  })

  test('passes as a bearer token when it is not bound and required is false', async () => {
    const { issuer, verifier } = await scene({ required: false })
    const request = parts([['authorization', `Bearer ${await issuer.mint()}`]])
    expect((await verifier.authenticate(request)).confirmation).toBeUndefined()
    expect(verifier.challenges.schemes).toEqual(['DPoP', 'Bearer'])
  })

  test('has to be bound unless required is false', async () => {
    const { issuer, verifier } = await scene()
    const request = parts([['authorization', `Bearer ${await issuer.mint()}`]])
    expect(await refusal(verifier.authenticate(request))).toBe('verifier/unsupported-scheme')
    expect(verifier.challenges.schemes).toEqual(['DPoP'])
  })

  test('takes its scheme in any case', async () => {
    const { client, claims, token, verifier } = await scene()
    for (const name of ['dpop', 'DPOP', 'dPoP']) {
      const request = parts([
        ['authorization', `${name} ${token}`],
        ['dpop', client.proof(claims())],
      ])
      expect((await verifier.authenticate(request)).confirmation?.type).toBe('dpop')
    }
  })

  test('needs its proof every time, also where the token itself is remembered', async () => {
    const { client, claims, token, verifier, send } = await scene({}, { cache: tokenCache() })
    await send(client.proof(claims()))
    await send(client.proof(claims()))
    expect(verifier.counters()['cache-hit']).toBe(1)
    const bare = parts([['authorization', `DPoP ${token}`]])
    expect(await refusal(verifier.authenticate(bare))).toBe(`${invalid} proof-missing`)
    expect(await refusal(send(new DpopClient().proof(claims())))).toBe(`${invalid} wrong-key`)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token sender-constrained')
  })

  test('is refused by verify, which sees no proof', async () => {
    const { token, verifier } = await scene()
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token sender-constrained')
  })
})

describe('dpop(), the time of a proof', () => {
  const moments: readonly [number, DpopOptions, string][] = [
    [-89, {}, 'accepted'],
    [-90, {}, `${invalid} expired`],
    [30, {}, 'accepted'],
    [30.5, {}, `${invalid} issued-in-future`],
    [-9, { maxAge: 10, skew: 0 }, 'accepted'],
    [-10, { maxAge: 10, skew: 0 }, `${invalid} expired`],
    [0, { maxAge: 10, skew: 0 }, 'accepted'],
    [1, { maxAge: 10, skew: 0 }, `${invalid} issued-in-future`],
  ]
  for (const [offset, options, expected] of moments)
    test(`made ${offset} s from now, under ${JSON.stringify(options)}: ${expected}`, async () => {
      const { issuer, client, claims, send } = await scene(options)
      expect(await refusal(send(client.proof(claims({ iat: issuer.clock.now() + offset }))))).toBe(expected)
    })
})
