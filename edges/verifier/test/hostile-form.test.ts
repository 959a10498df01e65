import { encodeBase64url } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from './loopback-issuer.ts'

// Every token here bears a good signature by the issuer's own key: what is refused is refused for its form alone

/** Signs header and payload as they are written, byte for byte. */
async function signedAsWritten(
  issuer: LoopbackIssuer,
  header: string | Uint8Array,
  payload: string | Uint8Array = JSON.stringify(issuer.claims()),
): Promise<string> {
  const input = `${segment(header)}.${segment(payload)}`
  const signature = await issuer.keys[0]?.signer.sign(Buffer.from(input))
  return `${input}.${encodeBase64url(signature ?? new Uint8Array())}`
}

function segment(value: string | Uint8Array): string {
  return encodeBase64url(typeof value === 'string' ? Buffer.from(value) : value)
}

/** The header of a good token, with members added or replaced. */
function header(issuer: LoopbackIssuer, more: object = {}): string {
  return JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: issuer.keys[0]?.publicJwk.kid, ...more })
}

test('verify() accepts what this file signs when nothing is wrong with it', async () => {
  const issuer = await LoopbackIssuer.start()
  expect(await refusal(issuer.verifier().verify(await signedAsWritten(issuer, header(issuer))))).toBe(
    'accepted',
  )
})

describe('verify() refuses a well signed token whose header', () => {
  const cases: readonly [string, (issuer: LoopbackIssuer) => string | Uint8Array, string][] = [
    ['has an unknown crit', (it) => header(it, { crit: ['x'], x: 1 }), 'token/crit'],
    ['has an empty crit', (it) => header(it, { crit: [] }), 'token/crit'],
    ['has a crit twice over', (it) => header(it, { crit: ['exp', 'exp'], exp: 1 }), 'token/crit'],
    ['names b64 in crit', (it) => header(it, { crit: ['b64'], b64: false }), 'token/crit'],
    ['has b64 without crit', (it) => header(it, { b64: false }), 'token/header'],
    ['has b64: true', (it) => header(it, { b64: true }), 'token/header'],
    ['has zip', (it) => header(it, { zip: 'DEF' }), 'token/header'],
    ['has p2c', (it) => header(it, { p2c: 2_000_000_000, p2s: 'AAAA' }), 'token/header'],
    ['has enc', (it) => header(it, { enc: 'A256GCM' }), 'token/header'],
    ['nests another token', (it) => header(it, { cty: 'JWT' }), 'token/header'],
    ['has alg twice', (it) => header(it).replace('{', '{"alg":"none",'), 'token/duplicate-member'],
    [
      'has typ twice, once escaped',
      (it) => header(it).replace('{', '{"\\u0074yp":"JWT",'),
      'token/duplicate-member',
    ],
    ['has a number for kid', (it) => header(it, { kid: 1 }), 'token/header'],
    ['has a list for alg', (it) => header(it, { alg: ['ES256'] }), 'token/header'],
    ['begins with a byte order mark', (it) => `\ufeff${header(it)}`, 'token/json'],
    ['is UTF-16', (it) => Buffer.from(header(it), 'utf16le'), 'token/json'],
    ['is no object', () => '["ES256"]', 'token/json'],
  ]
  for (const [name, write, reason] of cases)
    test(name, async () => {
      const issuer = await LoopbackIssuer.start()
      const token = await signedAsWritten(issuer, write(issuer))
      expect(await refusal(issuer.verifier().verify(token))).toBe(`verifier/invalid-token ${reason}`)
      expect(issuer.asked).toEqual([])
    })
})

describe('verify() refuses a well signed token whose payload', () => {
  const cases: readonly [string, (good: string) => string | Uint8Array, string][] = [
    ['names sub twice', (good) => good.replace('{', '{"sub":"admin",'), 'token/duplicate-member'],
    ['names exp twice', (good) => good.replace('{', '{"exp":9999999999,'), 'token/duplicate-member'],
    [
      'names a nested member twice',
      (good) => good.replace('{', '{"x":{"a":1,"a":2},'),
      'token/duplicate-member',
    ],
    ['begins with a byte order mark', (good) => `\ufeff${good}`, 'token/json'],
    ['is UTF-16', (good) => Buffer.from(good, 'utf16le'), 'token/json'],
    [
      'has a byte that is no UTF-8',
      (good) => Buffer.from(good.replace('user-1', 'us\u00ffr'), 'latin1'),
      'token/json',
    ],
    ['has a lone surrogate', (good) => good.replace('user-1', '\\ud800'), 'token/json'],
    ['is a list', (good) => `[${good}]`, 'token/json'],
    ['has more after its end', (good) => `${good}{}`, 'token/json'],
    [
      'is nested without end',
      (good) => good.replace('{', `{"x":${'['.repeat(5000)}${']'.repeat(5000)},`),
      'token/json',
    ],
  ]
  for (const [name, write, reason] of cases)
    test(name, async () => {
      const issuer = await LoopbackIssuer.start()
      const good = JSON.stringify(issuer.claims())
      const token = await signedAsWritten(issuer, header(issuer), write(good))
      expect(await refusal(issuer.verifier().verify(token))).toBe(`verifier/invalid-token ${reason}`)
    })
})

describe('verify() refuses a good token when it is written otherwise', () => {
  const cases: readonly [string, (token: string) => string, string][] = [
    ['padded', (token) => `${token}==`, 'token/base64url'],
    ['with a space in front', (token) => ` ${token}`, 'token/base64url'],
    ['with a line end', (token) => `${token}\n`, 'token/base64url'],
    ['with plain base64 in its signature', (token) => `${token.slice(0, -4)}+/+/`, 'token/base64url'],
    ['with an escaped dot', (token) => token.replace('.', '%2e'), 'token/malformed'],
    ['with a full-width dot', (token) => token.replace('.', '\uff0e'), 'token/malformed'],
    ['with a fourth part', (token) => `${token}.`, 'token/malformed'],
    ['as a JWE has five parts', (token) => `${token}.AAAA.AAAA`, 'token/encrypted'],
    ['without its signature', (token) => token.slice(0, token.lastIndexOf('.')), 'token/malformed'],
    ['as flattened JSON', (token) => flattened(token), 'token/malformed'],
    ['as JSON with the compact form inside', (token) => `{"protected":"${token}"}`, 'token/base64url'],
  ]
  for (const [name, write, reason] of cases)
    test(name, async () => {
      const issuer = await LoopbackIssuer.start()
      const token = write(await issuer.mint())
      expect(await refusal(issuer.verifier().verify(token))).toBe(`verifier/invalid-token ${reason}`)
      expect(issuer.asked).toEqual([])
    })

  test('with loose last bits, in any of the 3 ways of its signature', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(token.at(-1) ?? '')
    // 64 bytes leave 4 bits of the last character unused
    expect(last % 16).toBe(0)
    for (const loose of [1, 7, 15])
      expect(await refusal(issuer.verifier().verify(token.slice(0, -1) + alphabet[last + loose]))).toBe(
        'verifier/invalid-token token/base64url',
      )
  })
})

function flattened(token: string): string {
  const [head, payload, signature] = token.split('.')
  return JSON.stringify({ protected: head, payload, signature })
}
