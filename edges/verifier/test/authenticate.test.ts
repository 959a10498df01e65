import { inspect } from 'node:util'
import type { AuthContext } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from './loopback-issuer.ts'

const url = 'https://api.example/orders'

async function outcome(send: (token: string) => Request): Promise<string> {
  const issuer = await LoopbackIssuer.start()
  const token = await issuer.mint()
  return refusal(issuer.verifier().authenticate(send(token)))
}

function withHeaders(...values: string[]): Request {
  return new Request(url, { headers: values.map((value): [string, string] => ['authorization', value]) })
}

describe('authenticate()', () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR'])
    test(`takes the scheme ${scheme}`, async () =>
      expect(await outcome((token) => withHeaders(`${scheme} ${token}`))).toBe('accepted'))

  test('tells nothing sent from something wrong', async () => {
    expect(await outcome(() => new Request(url))).toBe('verifier/no-credentials')
  })

  const malformed: readonly [string, (token: string) => Request][] = [
    ['two headers, both good', (token) => withHeaders(`Bearer ${token}`, `Bearer ${token}`)],
    ['two headers of different schemes', (token) => withHeaders(`Bearer ${token}`, 'Basic eDp5')],
    ['an empty header', () => withHeaders('')],
    ['a scheme without a token', () => withHeaders('Bearer')],
    ['two tokens', (token) => withHeaders(`Bearer ${token} ${token}`)],
    ['a token in quotes', (token) => withHeaders(`Bearer "${token}"`)],
    ['a tab for a space', (token) => withHeaders(`Bearer\t${token}`)],
  ]
  for (const [name, send] of malformed)
    test(`refuses ${name}`, async () =>
      expect(await outcome(send)).toBe('verifier/invalid-request malformed-authorization'))

  const inQuery: readonly [string, (token: string) => Request][] = [
    ['alone', (token) => new Request(`${url}?access_token=${token}`)],
    [
      'beside a good header',
      (token) => new Request(`${url}?access_token=${token}`, withHeaders(`Bearer ${token}`)),
    ],
    ['when empty', (token) => new Request(`${url}?a=b&access_token=`, withHeaders(`Bearer ${token}`))],
    [
      'when its name is escaped',
      (token) => new Request(`${url}?%61ccess_token=x`, withHeaders(`Bearer ${token}`)),
    ],
  ]
  for (const [name, send] of inQuery)
    test(`refuses a token in the query ${name}`, async () =>
      expect(await outcome(send)).toBe('verifier/invalid-request token-in-query'))

  test('does not look for a token in the body', async () => {
    const send = (token: string): Request =>
      new Request(url, { method: 'POST', body: new URLSearchParams({ access_token: token }) })
    expect(await outcome(send)).toBe('verifier/no-credentials')
  })

  for (const scheme of ['DPoP', 'Basic', 'Bear', 'BearerX'])
    test(`does not take the scheme ${scheme}`, async () =>
      expect(await outcome((token) => withHeaders(`${scheme} ${token}`))).toBe('verifier/unsupported-scheme'))

  test('refuses what b64token allows but no token of ours has', async () => {
    for (const text of ['abc', 'a+b/c==', 'jwo_abc', '~~~'])
      expect(await outcome(() => withHeaders(`Bearer ${text}`))).toMatch(/^verifier\/invalid-token token\//)
  })
})

describe('AuthContext', () => {
  async function context(scope = 'read write'): Promise<{ auth: AuthContext; token: string }> {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({ scope })
    return { auth: await issuer.verifier().authenticate(withHeaders(`Bearer ${token}`)), token }
  }

  test('holds the token where neither logging nor JSON nor spreading shows it', async () => {
    const { auth, token } = await context()
    expect(auth.token).toBe(token)
    const signature = token.split('.')[2] ?? ''
    for (const shown of [
      JSON.stringify(auth),
      inspect(auth, { depth: 9 }),
      JSON.stringify({ ...auth }),
      String(auth),
    ])
      expect(shown).not.toContain(signature)
  })

  test('is frozen, down to the claims', async () => {
    const { auth } = await context()
    for (const part of [auth, auth.claims, auth.header, auth.audience])
      expect(Object.isFrozen(part)).toBe(true)
    expect(() => Object.assign(auth.claims, { sub: 'admin' })).toThrow(TypeError)
  })

  test('has() and require() ask what was granted, not what was added to the set later', async () => {
    const { auth } = await context()
    Set.prototype.add.call(auth.scopes, 'admin')
    expect(auth.has('admin')).toBe(false)
    expect(auth.has('read')).toBe(true)
    expect(auth.has('rea')).toBe(false)
    expect(() => auth.require('read', 'write')).not.toThrow()
    expect(() => auth.require('read', 'admin')).toThrow(
      expect.objectContaining({ code: 'verifier/insufficient-scope', scopes: ['read', 'admin'] }),
    )
  })

  test('of two verifications of one token shares nothing that can change', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    const [one, two] = await Promise.all([verifier.verify(token), verifier.verify(token)])
    expect(one).not.toBe(two)
    expect(one.scopes).not.toBe(two.scopes)
  })
})
