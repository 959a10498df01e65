import { accessKind, decide, defineProfile } from '@jotwarden/policy'
import { generateKeyPair, importSignKey, importVerifyKey, Secret, signerOf } from '@jotwarden/token'
import {
  type DecryptedJwe,
  decrypt,
  decryptClaims,
  decryptThenVerify,
  encryptClaims,
  importPrivateDecryptKey,
  importPublicEncryptKey,
  importSharedKey,
  signThenEncrypt,
  type UnauthenticatedClaims,
  unauthenticatedClaims,
} from '@jotwarden/token/jwe'
import { describe, expect, expectTypeOf, test } from 'vitest'

const now = 1_800_000_000
const claims = {
  iss: 'https://issuer.example',
  sub: 'somebody',
  aud: 'https://api.example',
  client_id: 'app',
  jti: 'one',
  iat: now,
  exp: now + 600,
}
const profile = defineProfile({ kind: accessKind, issuer: claims.iss, audience: claims.aud })
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const shared = importSharedKey(Secret.fromBytes(random.bytes(32)), { alg: 'dir', encs: ['A256GCM'] })
const signing = generateKeyPair('ES256')
const signer = signerOf(importSignKey(signing.privateJwk))
const verifyKey = importVerifyKey(signing.publicJwk)

describe('decide()', () => {
  test('takes claims under a shared key, and holds them to the same demands', async () => {
    const good = await encryptClaims({ typ: 'at+jwt', claims }, shared.encrypt, random)
    expect(decide(await decryptClaims(good, shared.decrypt), profile, now)).toEqual({ allow: true, claims })
    const untyped = await encryptClaims({ typ: 'JWT', claims }, shared.encrypt, random)
    expect(decide(await decryptClaims(untyped, shared.decrypt), profile, now)).toEqual({
      allow: false,
      reason: 'wrong-typ',
    })
  })

  test('judges the typ of the token that is inside, not that of the one around it', async () => {
    const inner = { typ: 'JWT', claims }
    const token = await signThenEncrypt(inner, signer, shared.encrypt, random, { typ: 'at+jwt' })
    const nested = await decryptThenVerify(token, shared.decrypt, verifyKey)
    expect(decide(nested, profile, now)).toEqual({ allow: false, reason: 'wrong-typ' })
    const typed = await signThenEncrypt({ typ: 'at+jwt', claims }, signer, shared.encrypt, random)
    expect(decide(await decryptThenVerify(typed, shared.decrypt, verifyKey), profile, now)).toEqual({
      allow: true,
      claims,
    })
  })

  test('cannot be given, by type, what anybody may have encrypted', async () => {
    const alg = 'ECDH-ES'
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    const {
      kty = '',
      crv = '',
      x = '',
      y = '',
      d = '',
    } = await crypto.subtle.exportKey('jwk', pair.privateKey)
    const key = await importPrivateDecryptKey({ kty, crv, x, y, d }, { alg, encs: ['A256GCM'] })
    const encryptKey = await importPublicEncryptKey({ kty, crv, x, y }, { alg, enc: 'A256GCM' })
    const forged = await encryptClaims({ typ: 'at+jwt', claims }, encryptKey, random)
    const jwe = await decrypt(forged, key)
    const unauthenticated = unauthenticatedClaims(jwe)
    expect(unauthenticated.unauthenticated).toEqual(claims)
    expectTypeOf<DecryptedJwe<false>>().not.toExtend<Parameters<typeof decide>[0]>()
    expectTypeOf<UnauthenticatedClaims>().not.toExtend<Parameters<typeof decide>[0]>()
    // @ts-expect-error: the claims are not verified, whatever typ is put beside them
    const decision = decide({ typ: 'at+jwt', claims: unauthenticated.unauthenticated }, profile, now)
    expect(decision).toBeDefined()
  })
})
