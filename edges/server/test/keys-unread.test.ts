import type { Keyring } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { fakeAuthority } from './fake-authority.ts'

describe('a server whose keys were read too long ago', () => {
  test('reads them again before it answers, and answers with what it read', async () => {
    const authority = fakeAuthority()
    let generation = 1
    const keyring: Keyring = {
      ...authority.keyring,
      get generation() {
        return generation
      },
      jwks: () => (generation === 1 ? { keys: [] } : authority.keyring.jwks()),
      renew: async () => {
        generation = 2
      },
    }
    const { get } = asking({ authority: { ...authority, keyring } })
    const answer = await get('/jwks.json')
    expect((await answer.json()).keys).toHaveLength(1)
  })

  for (const path of [
    '/jwks.json',
    '/userinfo',
    '/authorize?client_id=app',
    '/.well-known/openid-configuration',
  ])
    test(`answers ${path} with 503 when they cannot be read`, async () => {
      const answer = await unreadable().get(path)
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    })

  test('is alive but not ready then', async () => {
    const { get } = unreadable()
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(503)
  })

  test('tells others to keep the key set as long as its option says', async () => {
    const { get } = asking({ jwksMaxAge: 7 })
    expect((await get('/jwks.json')).headers.get('cache-control')).toBe('public, max-age=7')
  })
})

function unreadable() {
  const authority = fakeAuthority()
  const renew = () => Promise.reject(new Error('the store does not answer'))
  return asking({ authority: { ...authority, keyring: { ...authority.keyring, renew } } })
}
