import { challenge, VerifierError } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { DpopClient, encoded, ORDERS, sha256 } from './dpop-client.ts'
import { invalid, type Scene, scene } from './dpop-scene.ts'

describe('dpop(), a proof that is wrong (RFC 9449 §4.3)', () => {
  const none = (claims: unknown): string =>
    `${encoded(JSON.stringify({ typ: 'dpop+jwt', alg: 'none' }))}.${encoded(JSON.stringify(claims))}.`
  const made: readonly [string, (scene: Scene) => string, string][] = [
    ['empty', () => '', 'token/malformed'],
    ['no JWS', () => 'proof', 'token/malformed'],
    ['a JWE by its form', () => 'eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA', 'token/encrypted'],
    [
      'of JSON serialization',
      ({ client, claims }) => JSON.stringify({ payload: client.proof(claims()) }),
      'token/base64url',
    ],
    ['in quotes', ({ client, claims }) => `"${client.proof(claims())}"`, 'token/base64url'],
    ['padded', ({ client, claims }) => `${client.proof(claims())}=`, 'token/base64url'],
    ['of typ JWT', ({ client, claims }) => client.proof(claims(), { typ: 'JWT' }), 'wrong-typ'],
    ['of typ at+jwt', ({ client, claims }) => client.proof(claims(), { typ: 'at+jwt' }), 'wrong-typ'],
    ['without typ', ({ client, claims }) => client.proof(claims(), { typ: undefined }), 'wrong-typ'],
    ['unsigned', ({ claims }) => none(claims()), 'token/alg'],
    ['of alg None', ({ client, claims }) => client.proof(claims(), { alg: 'None' }), 'token/alg'],
    ['of alg HS256', ({ client, claims }) => client.proof(claims(), { alg: 'HS256' }), 'token/alg'],
    [
      'of alg RS256 with an EC key',
      ({ client, claims }) => client.proof(claims(), { alg: 'RS256' }),
      'key/mismatch',
    ],
    ['without alg', ({ client, claims }) => client.proof(claims(), { alg: undefined }), 'token/header'],
    ['with crit', ({ client, claims }) => client.proof(claims(), { crit: ['exp'] }), 'token/crit'],
    ['with b64', ({ client, claims }) => client.proof(claims(), { b64: true }), 'token/header'],
    [
      'without a key',
      ({ client, claims }) => client.proof(claims(), { jwk: undefined }),
      'proof-without-key',
    ],
    [
      'with a kid in place of a key',
      ({ client, claims }) => client.proof(claims(), { jwk: undefined, kid: 'a' }),
      'proof-without-key',
    ],
    ['with null for a key', ({ client, claims }) => client.proof(claims(), { jwk: null }), 'key/malformed'],
    [
      'with the text of a key',
      ({ client, claims }) => client.proof(claims(), { jwk: JSON.stringify(client.jwk) }),
      'key/malformed',
    ],
    [
      'with its private key',
      ({ client, claims }) => client.proof(claims(), { jwk: client.privateKey.export({ format: 'jwk' }) }),
      'key/private-in-public-set',
    ],
    [
      'with a private member beside its public key',
      ({ client, claims }) => client.proof(claims(), { jwk: { ...client.jwk, d: '' } }),
      'key/private-in-public-set',
    ],
    [
      'with a symmetric key',
      ({ client, claims }) => client.proof(claims(), { jwk: { kty: 'oct', k: encoded('k'.repeat(32)) } }),
      'key/private-in-public-set',
    ],
    [
      'with a key for encryption',
      ({ client, claims }) => client.proof(claims(), { jwk: { ...client.jwk, use: 'enc' } }),
      'key/mismatch',
    ],
    [
      'with a key of another algorithm',
      ({ client, claims }) => client.proof(claims(), { jwk: { ...client.jwk, alg: 'ES384' } }),
      'key/mismatch',
    ],
    ['of another key', ({ claims }) => new DpopClient().proof(claims()), 'wrong-key'],
    [
      'that names the right key, signed by another',
      ({ client, claims }) => new DpopClient().proof(claims(), { jwk: client.jwk }),
      'token/signature',
    ],
    [
      'with a changed signature',
      ({ client, claims }) =>
        client
          .proof(claims())
          .replace(/\.([^.])([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`),
      'token/signature',
    ],
    ['without jti', ({ client, claims }) => client.proof(claims({ jti: undefined })), 'missing-claim'],
    ['with a number for jti', ({ client, claims }) => client.proof(claims({ jti: 1 })), 'malformed-claim'],
    ['with an empty jti', ({ client, claims }) => client.proof(claims({ jti: '' })), 'malformed-claim'],
    ['without htm', ({ client, claims }) => client.proof(claims({ htm: undefined })), 'missing-claim'],
    ['for another method', ({ client, claims }) => client.proof(claims({ htm: 'POST' })), 'wrong-method'],
    [
      'for its method in lower case',
      ({ client, claims }) => client.proof(claims({ htm: 'get' })),
      'wrong-method',
    ],
    [
      'for several methods',
      ({ client, claims }) => client.proof(claims({ htm: ['GET'] })),
      'malformed-claim',
    ],
    ['without htu', ({ client, claims }) => client.proof(claims({ htu: undefined })), 'missing-claim'],
    ['for another path', ({ client, claims }) => client.proof(claims({ htu: `${ORDERS}/1` })), 'wrong-uri'],
    [
      'for another host',
      ({ client, claims }) => client.proof(claims({ htu: 'https://evil.example/orders' })),
      'wrong-uri',
    ],
    ['for several URIs', ({ client, claims }) => client.proof(claims({ htu: [ORDERS] })), 'malformed-claim'],
    ['without iat', ({ client, claims }) => client.proof(claims({ iat: undefined })), 'missing-claim'],
    [
      'with a text for iat',
      ({ client, claims, issuer }) => client.proof(claims({ iat: String(issuer.clock.now()) })),
      'malformed-claim',
    ],
    [
      'with iat in milliseconds',
      ({ client, claims, issuer }) => client.proof(claims({ iat: issuer.clock.now() * 1000 })),
      'issued-in-future',
    ],
    [
      'of 31 seconds ahead',
      ({ client, claims, issuer }) => client.proof(claims({ iat: issuer.clock.now() + 31 })),
      'issued-in-future',
    ],
    [
      'of 90 seconds ago',
      ({ client, claims, issuer }) => client.proof(claims({ iat: issuer.clock.now() - 90 })),
      'expired',
    ],
    [
      'expired by its own word',
      ({ client, claims, issuer }) =>
        client.proof(claims({ iat: issuer.clock.now() - 40, exp: issuer.clock.now() - 30 })),
      'expired',
    ],
    [
      'that means to live an hour',
      ({ client, claims, issuer }) => client.proof(claims({ exp: issuer.clock.now() + 3600 })),
      'lifetime-too-long',
    ],
    [
      'not valid yet by its own word',
      ({ client, claims, issuer }) => client.proof(claims({ nbf: issuer.clock.now() + 31 })),
      'not-yet-valid',
    ],
    ['without ath', ({ client, claims }) => client.proof(claims({ ath: undefined })), 'wrong-token'],
    [
      'for another token',
      ({ client, claims }) => client.proof(claims({ ath: sha256('another') })),
      'wrong-token',
    ],
    [
      'with the token itself for ath',
      ({ client, claims, token }) => client.proof(claims({ ath: token })),
      'malformed-claim',
    ],
    [
      'with the digest in hexadecimal',
      ({ client, claims, token }) =>
        client.proof(claims({ ath: Buffer.from(sha256(token), 'base64url').toString('hex') })),
      'malformed-claim',
    ],
    [
      'that is an access token by its claims',
      ({ client, claims }) => client.proof(claims({ client_id: 'client-1', sub: 'user-1' })),
      'forbidden-claim',
    ],
    [
      'with a member twice',
      ({ client, claims }) =>
        client.signed(
          `{"typ":"dpop+jwt","alg":"ES256","alg":"ES256","jwk":${JSON.stringify(client.jwk)}}`,
          claims(),
        ),
      'token/duplicate-member',
    ],
    [
      'with a member twice in its key',
      ({ client, claims }) =>
        client.signed(
          `{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC",${JSON.stringify(client.jwk).slice(1)}}`,
          claims(),
        ),
      'token/duplicate-member',
    ],
    [
      'too long',
      ({ client, claims }) => client.proof(claims({ jti: 'x'.repeat(20_000) })),
      'token/too-large',
    ],
    [
      'of no object',
      ({ client, claims }) =>
        client.signed(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: client.jwk }), [claims()]),
      'token/json',
    ],
  ]
  for (const [name, proof, reason] of made)
    test(`is refused ${name}`, async () => {
      const one = await scene()
      expect(await refusal(one.send(proof(one)))).toBe(`${invalid} ${reason}`)
    })

  test('is answered with 401, a word for the client and no more', async () => {
    const one = await scene()
    const error = await one.send('proof').catch((cause: unknown) => cause)
    expect(challenge(error).status).toBe(401)
    expect(challenge(error, one.verifier.challenges).headers['www-authenticate']).toMatch(
      /^DPoP error="invalid_dpop_proof"/,
    )
  })

  test('is refused with any one character changed, and is not used up by that', async () => {
    const one = await scene()
    const proof = one.client.proof(one.claims())
    for (let at = 0; at < proof.length; at += 1) {
      const changed = proof[at] === 'B' ? 'C' : 'B'
      const sent = proof.slice(0, at) + changed + proof.slice(at + 1)
      expect(await refusal(one.send(sent)), `at ${at}`).toMatch(/^verifier\/invalid-dpop-proof /)
    }
    expect(await refusal(one.send(proof))).toBe('accepted')
  })

  test('holds no byte of the proof, the token or a key in its message', async () => {
    for (const [, proof] of made) {
      const one = await scene()
      const sent = proof(one)
      const error = await one.send(sent).catch((cause: unknown) => cause)
      if (!(error instanceof VerifierError)) throw error
      const secrets = [...sent.split('.'), ...one.token.split('.'), one.client.thumbprint]
      for (const secret of secrets.filter((text) => text.length > 5))
        expect(error.message).not.toContain(secret)
    }
  })
})
