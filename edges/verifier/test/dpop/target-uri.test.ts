import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'
import { invalid, scene } from './dpop-scene.ts'

async function verdict(htu: string, url: string, origin?: string): Promise<string> {
  const { client, claims, send } = await scene(origin === undefined ? {} : { origin })
  return refusal(send(client.proof(claims({ htu })), { url }))
}

// RFC 9449 §4.3 number 9, RFC 3986 §6.2.2 and §6.2.3
const same: readonly [htu: string, url: string][] = [
  ['https://api.example/orders', 'https://api.example/orders'],
  ['https://api.example/orders', 'https://api.example/orders?page=2#top'],
  ['https://api.example/orders?page=1#top', 'https://api.example/orders?page=2'],
  ['HTTPS://API.Example/orders', 'https://api.example/orders'],
  ['https://api.example:443/orders', 'https://api.example/orders'],
  ['https://api.example:/orders', 'https://api.example/orders'],
  ['http://api.example:80/orders', 'http://api.example/orders'],
  ['https://api.example', 'https://api.example/'],
  ['https://api.example?a', 'https://api.example/'],
  ['https://api.example/%6frders/%7Eme', 'https://api.example/orders/~me'],
  ['https://api.example/a%2fb', 'https://api.example/a%2Fb'],
  ['https://api.example/a/./b/../c', 'https://api.example/a/c'],
  ['https://api.example/a/%2e%2E/c', 'https://api.example/c'],
  ['https://api.example/../c/.', 'https://api.example/c/'],
  ['https://api.example/a/b/..', 'https://api.example/a/'],
  ['https://[2001:DB8::1]:8443/', 'https://[2001:db8::1]:8443/'],
  ['https://api.example/a;b=1,2/@me:x', 'https://api.example/a;b=1,2/@me:x'],
]
for (const [htu, url] of same)
  test(`dpop() takes htu ${htu} for ${url}`, async () => expect(await verdict(htu, url)).toBe('accepted'))

const different: readonly [htu: string, url: string][] = [
  ['http://api.example/orders', 'https://api.example/orders'],
  ['https://api.example:8443/orders', 'https://api.example/orders'],
  ['https://api.example:80/orders', 'https://api.example/orders'],
  ['https://api.example:443/orders', 'http://api.example/orders'],
  ['https://api.example./orders', 'https://api.example/orders'],
  ['https://api.example.evil.example/orders', 'https://api.example/orders'],
  ['https://api.example/Orders', 'https://api.example/orders'],
  ['https://api.example/orders/', 'https://api.example/orders'],
  ['https://api.example//orders', 'https://api.example/orders'],
  ['https://api.example/a%2Fb', 'https://api.example/a/b'],
  ['https://api.example/orders%3Fa', 'https://api.example/orders?a'],
  ['https://me@api.example/orders', 'https://api.example/orders'],
  ['https://api.example@evil.example/orders', 'https://api.example/orders'],
  ['https://evil.example\\@api.example/orders', 'https://api.example/orders'],
  ['https://api.example\\orders', 'https://api.example/orders'],
  [' https://api.example/orders', 'https://api.example/orders'],
  ['https://api.example/orders\n', 'https://api.example/orders'],
  ['https://api.example/ord\ters', 'https://api.example/orders'],
  ['https:api.example/orders', 'https://api.example/orders'],
  ['https:///api.example/orders', 'https://api.example/orders'],
  ['//api.example/orders', 'https://api.example/orders'],
  ['/orders', 'https://api.example/orders'],
  ['https://аpi.example/orders', 'https://api.example/orders'],
  ['https://api.example/%zz', 'https://api.example/%zz'],
  ['https://api.example/%zz', 'https://api.example/%ZZ'],
  ['https://api.example/\u00e9', 'https://api.example/%C3%A9'],
  ['wss://api.example/orders', 'wss://api.example/orders'],
  ['https://2130706433/', 'https://127.0.0.1/'],
]
for (const [htu, url] of different)
  test(`dpop() does not take htu ${JSON.stringify(htu)} for ${url}`, async () =>
    expect(await verdict(htu, url)).toBe(`${invalid} wrong-uri`))

describe('dpop() with an origin', () => {
  const origin = 'HTTPS://api.example:443/'

  test('takes that for scheme and authority, whatever the request says', async () => {
    expect(await verdict('https://api.example/orders', 'http://10.0.0.7:3000/orders?a', origin)).toBe(
      'accepted',
    )
  })

  test('takes no proof for another host, though the request names it', async () => {
    expect(await verdict('https://evil.example/orders', 'https://evil.example/orders', origin)).toBe(
      `${invalid} wrong-uri`,
    )
  })
})

test('dpop() compares any path with itself, and never with a longer one', async () => {
  const { client, claims, issuer, send } = await scene()
  const segment = fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,12}$/)
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { maxLength: 4 }), segment, async (segments, more) => {
      fc.pre(![more, ...segments].some((one) => one === '.' || one === '..'))
      const url = new URL(`https://api.example/${segments.join('/')}`).href
      const longer = `${url.replace(/\/$/, '')}/${more}`
      expect(await refusal(send(client.proof(claims({ htu: url })), { url }))).toBe('accepted')
      expect(await refusal(send(client.proof(claims({ htu: longer })), { url }))).toBe(`${invalid} wrong-uri`)
      expect(issuer.loads).toBe(1)
    }),
    { numRuns: 50 },
  )
})
