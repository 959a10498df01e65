import {
  createCipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeBase64url, encodeBase64url, jwkThumbprint } from '@jotwarden/token'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer, refusal, type TestKey, testKey } from './loopback-issuer.ts'

const unknownKey = 'verifier/invalid-token token/unknown-key'

describe('none, in every casing of its letters', () => {
  const casings = Array.from({ length: 16 }, (_, bits) =>
    [...'none'].map((letter, at) => (bits & (1 << at) ? letter.toUpperCase() : letter)).join(''),
  )
  for (const alg of casings)
    test(`verify() refuses alg ${alg}, with a good signature and without any`, async () => {
      const issuer = await LoopbackIssuer.start()
      const input = `${json({ alg, typ: 'at+jwt', kid: issuer.keys[0]?.publicJwk.kid })}.${json(issuer.claims())}`
      const good = await issuer.keys[0]?.signer.sign(Buffer.from(input))
      for (const signature of ['', encodeBase64url(good ?? new Uint8Array())])
        expect(await refusal(issuer.verifier().verify(`${input}.${signature}`))).toBe(
          'verifier/invalid-token token/alg',
        )
    })
})

describe('a key that the token brings along', () => {
  const attacker = testKey()
  const { publicJwk } = attacker
  const cases: readonly [string, (canary: string) => object][] = [
    ['jwk', () => ({ jwk: publicJwk })],
    ['jku', (canary) => ({ jku: `${canary}/jwks` })],
    ['x5u', (canary) => ({ x5u: `${canary}/cert.pem` })],
    ['x5c', () => ({ x5c: ['MIIB'] })],
    ['x5t, the SHA-1 of a certificate', () => ({ x5t: 'A'.repeat(27) })],
    [
      'all of them, and the URL as kid',
      (canary) => ({ jwk: publicJwk, jku: canary, x5u: canary, kid: canary }),
    ],
  ]
  for (const [name, members] of cases)
    for (const claimed of ['its own', 'the issuer’s'] as const)
      test(`verify() never takes it: ${name}, under ${claimed} kid`, async () => {
        const issuer = await LoopbackIssuer.start()
        const canary = await canaryServer()
        const kid = claimed === 'its own' ? publicJwk.kid : issuer.keys[0]?.publicJwk.kid
        const head = json({ kid, ...members(canary.url), alg: 'ES256', typ: 'at+jwt' })
        const input = `${head}.${json(issuer.claims())}`
        const token = `${input}.${encodeBase64url(await attacker.signer.sign(Buffer.from(input)))}`
        expect(await refusal(issuer.verifier().verify(token))).toMatch(
          /^verifier\/invalid-token token\/(unknown-key|signature)$/,
        )
        expect(canary.hits).toEqual([])
      })

  test('verify() reads none of them in a token that the issuer signed', async () => {
    const issuer = await LoopbackIssuer.start()
    const canary = await canaryServer()
    const hints = { jwk: publicJwk, jku: canary.url, x5u: canary.url, x5c: ['x'], x5t: 1, 'x5t#S256': null }
    const head = json({ alg: 'ES256', typ: 'at+jwt', kid: issuer.keys[0]?.publicJwk.kid, ...hints })
    const input = `${head}.${json(issuer.claims())}`
    const signature = await issuer.keys[0]?.signer.sign(Buffer.from(input))
    const token = `${input}.${encodeBase64url(signature ?? new Uint8Array())}`
    expect(await refusal(issuer.verifier().verify(token))).toBe('accepted')
    expect(canary.hits).toEqual([])
  })
})

test('verify() never takes the public key for a shared secret, in any file form of it', async () => {
  const issuer = await LoopbackIssuer.start()
  for (const alg of ['ES256', 'Ed25519', 'RS256'] as const) {
    issuer.keys = [testKey(alg)]
    const { publicJwk } = issuer.keys[0] ?? testKey()
    const key = keyObject(publicJwk)
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    const der = key.export({ type: 'spki', format: 'der' })
    const head = json({ alg: 'HS256', typ: 'at+jwt', kid: publicJwk.kid })
    const input = `${head}.${json(issuer.claims())}`
    for (const secret of [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), der, JSON.stringify(publicJwk)]) {
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      expect(await refusal(issuer.verifier().verify(`${input}.${mac}`))).toBe(
        'verifier/invalid-token token/alg',
      )
    }
  }
})

test('verify() takes no JWE, which anyone can make from the public key', async () => {
  const issuer = await LoopbackIssuer.start()
  issuer.keys = [testKey('RS256')]
  const { publicJwk } = issuer.keys[0] ?? testKey()
  const [cek, iv] = [randomBytes(32), randomBytes(12)]
  const key = keyObject(publicJwk)
  const wrapped = publicEncrypt({ key, oaepHash: 'sha1' }, cek)
  const head = json({ alg: 'RSA-OAEP', enc: 'A256GCM', typ: 'at+jwt', kid: publicJwk.kid })
  const cipher = createCipheriv('aes-256-gcm', cek, iv).setAAD(Buffer.from(head))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(issuer.claims())), cipher.final()])
  const parts = [wrapped, iv, sealed, cipher.getAuthTag()].map((part) => encodeBase64url(part))
  expect(await refusal(issuer.verifier().verify([head, ...parts].join('.')))).toBe(
    'verifier/invalid-token token/encrypted',
  )
})

describe('kid', () => {
  const kids = [
    '../../jwks',
    "' OR '1'='1",
    'a\0b',
    '__proto__',
    'constructor',
    'http://evil.example/',
    '$(x)',
    '',
  ]
  for (const kid of kids)
    test(`verify() takes kid ${JSON.stringify(kid)} for a name and nothing else`, async () => {
      const issuer = await LoopbackIssuer.start()
      const { signer } = testKey()
      const token = await issuer.mint({}, { alg: 'ES256', kid, sign: (data) => signer.sign(data) })
      expect(await refusal(issuer.verifier().verify(token))).toBe(unknownKey)
      expect(issuer.asked).toEqual(['/.well-known/oauth-authorization-server', '/jwks'])
    })

  test('verify() refuses a kid of ten thousand characters before any look-up', async () => {
    const issuer = await LoopbackIssuer.start()
    const input = `${json({ alg: 'ES256', typ: 'at+jwt', kid: 'k'.repeat(10_000) })}.${json(issuer.claims())}`
    const token = `${input}.${'A'.repeat(86)}`
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token token/header')
    expect(issuer.asked).toEqual([])
  })
})

describe('a published key that must not verify', () => {
  const ec = testKey()
  const cases: readonly [string, TestKey][] = [
    ['use: enc', { ...ec, publicJwk: { ...ec.publicJwk, use: 'enc' } }],
    ['key_ops without verify', { ...ec, publicJwk: { ...ec.publicJwk, key_ops: ['encrypt'] } }],
    ['another alg than its curve', { ...ec, publicJwk: { ...ec.publicJwk, alg: 'Ed25519' } }],
    ['an alg that nobody knows', { ...ec, publicJwk: { ...ec.publicJwk, alg: 'ES257' } }],
    ['a point that is not on its curve', offCurve()],
    ['an RSA modulus of 1024 bits', rsaKey(1024)],
  ]
  for (const [name, key] of cases)
    test(`verify() passes over one with ${name}`, async () => {
      const issuer = await LoopbackIssuer.start()
      issuer.keys = [key]
      expect(await refusal(issuer.verifier().verify(await signedByHand(issuer, key)))).toBe(unknownKey)
    })

  test('verify() takes one with an RSA modulus of 2048 bits, so that it was the length', async () => {
    const issuer = await LoopbackIssuer.start()
    const key = rsaKey(2048)
    issuer.keys = [key]
    expect(await refusal(issuer.verifier().verify(await signedByHand(issuer, key)))).toBe('accepted')
  })

  test('verify() refuses a token under another algorithm than its key is bound to', async () => {
    const issuer = await LoopbackIssuer.start()
    const kid = issuer.keys[0]?.publicJwk.kid ?? ''
    for (const alg of ['Ed25519', 'RS256'] as const) {
      const { signer } = testKey(alg)
      const token = await issuer.mint({}, { alg, kid, sign: (data) => signer.sign(data) })
      expect(await refusal(issuer.verifier().verify(token))).toMatch(/^verifier\/invalid-token token\//)
    }
  })
})

describe('an ECDSA signature', () => {
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')
  const zero = Buffer.alloc(32)
  const one = Buffer.concat([Buffer.alloc(31), Buffer.of(1)])
  const cases: readonly [string, (good: Buffer) => Buffer][] = [
    ['of zeros', () => Buffer.alloc(64)],
    ['with r = 0', (good) => Buffer.concat([zero, good.subarray(32)])],
    ['with s = 0', (good) => Buffer.concat([good.subarray(0, 32), zero])],
    ['with r = n', (good) => Buffer.concat([order, good.subarray(32)])],
    ['with s = n', (good) => Buffer.concat([good.subarray(0, 32), order])],
    ['with r = s = 1', () => Buffer.concat([one, one])],
    ['with r and s swapped', (good) => Buffer.concat([good.subarray(32), good.subarray(0, 32)])],
    ['a byte short', (good) => good.subarray(0, 63)],
    ['a byte long', (good) => Buffer.concat([good, Buffer.of(0)])],
    ['that is empty', () => Buffer.alloc(0)],
  ]
  for (const [name, change] of cases)
    test(`verify() refuses one ${name}`, async () => {
      const issuer = await LoopbackIssuer.start()
      const token = await issuer.mint()
      const cut = token.lastIndexOf('.') + 1
      const changed = change(Buffer.from(decodeBase64url(token.slice(cut))))
      expect(await refusal(issuer.verifier().verify(token.slice(0, cut) + encodeBase64url(changed)))).toBe(
        'verifier/invalid-token token/signature',
      )
    })

  test('verify() refuses one in DER, though its numbers are right', async () => {
    const issuer = await LoopbackIssuer.start()
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kty: 'EC', kid: 'k', alg: 'ES256' }
    issuer.keys = [{ publicJwk, signer: testKey().signer }]
    const input = `${json({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })}.${json(issuer.claims())}`
    for (const [dsaEncoding, verdict] of [
      ['der', 'verifier/invalid-token token/signature'],
      ['ieee-p1363', 'accepted'],
    ] as const) {
      const signature = createSign('sha256').update(input).sign({ key: privateKey, dsaEncoding })
      const token = `${input}.${encodeBase64url(signature)}`
      expect(await refusal(issuer.verifier().verify(token))).toBe(verdict)
    }
  })
})

function json(value: unknown): string {
  return encodeBase64url(Buffer.from(JSON.stringify(value)))
}

/** A token of a key that `signJwt` itself may refuse. */
async function signedByHand(issuer: LoopbackIssuer, { signer }: TestKey): Promise<string> {
  const input = `${json({ alg: signer.alg, typ: 'at+jwt', kid: signer.kid })}.${json(issuer.claims())}`
  return `${input}.${encodeBase64url(await signer.sign(Buffer.from(input)))}`
}

function keyObject(jwk: object): KeyObject {
  return createPublicKey({ key: JSON.parse(JSON.stringify(jwk)), format: 'jwk' })
}

function offCurve(): TestKey {
  const { publicJwk, signer } = testKey()
  const moved = { ...publicJwk, y: encodeBase64url(createECDH('secp256k1').generateKeys().subarray(33)) }
  return { publicJwk: { ...moved, kid: signer.kid }, signer }
}

function rsaKey(modulusLength: number): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  const bare = { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256' }
  const kid = jwkThumbprint(bare)
  const sign = async (data: Uint8Array): Promise<Uint8Array> =>
    createSign('sha256').update(data).sign(privateKey)
  return { publicJwk: { ...bare, kid }, signer: { alg: 'RS256', kid, sign } }
}

/** A server on loopback that writes down who asks. */
async function canaryServer(): Promise<{ readonly url: string; readonly hits: string[] }> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end(JSON.stringify({ keys: [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits }
}
