import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

/** The names that a server gives its cookies. */
async function cookieNames(issuer?: string): Promise<{ login: string; binding: string }> {
  const asked = asking(issuer === undefined ? {} : { issuer, loopback: true })
  const base = new URL(asked.authority.settings.issuer).pathname.replace(/\/$/, '')
  const nameIn = (answer: Response): string => answer.headers.getSetCookie()[0]?.split('=')[0] ?? ''
  return {
    binding: nameIn(await asked.get(`${base}/authorize`)),
    login: nameIn(await asked.post(`${base}/login`, { interaction: 'i', username: 'a', password: 'b' })),
  }
}

describe('cookies', () => {
  test('over https have the prefix __Host-Http-, and what it demands', async () => {
    const { login, binding } = await cookieNames()
    expect(login).toMatch(/^__Host-Http-jw-[0-9a-f]{8}-login$/)
    expect(binding).toMatch(/^__Host-Http-jw-[0-9a-f]{8}-binding$/)
    const { get } = asking()
    const [cookie = ''] = (await get('/authorize')).headers.getSetCookie()
    expect(cookie.split('; ').slice(1)).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax'])
  })

  test('over loopback http have no prefix and no Secure, and stay HttpOnly', async () => {
    const issuer = 'http://localhost:9411'
    const { login, binding } = await cookieNames(issuer)
    expect(login).toMatch(/^jw-[0-9a-f]{8}-login$/)
    expect(binding).toMatch(/^jw-[0-9a-f]{8}-binding$/)
    const [cookie = ''] = (await asking({ issuer, loopback: true }).get('/authorize')).headers.getSetCookie()
    expect(cookie.split('; ').slice(1)).toEqual(['Path=/', 'HttpOnly', 'SameSite=Lax'])
  })

  test('of two issuers on one host have different names', async () => {
    const one = await cookieNames('https://auth.example.com/one')
    const two = await cookieNames('https://auth.example.com/two')
    expect(one.login).not.toBe(two.login)
    expect(one.binding).not.toBe(two.binding)
  })

  test('are handed to the authority', async () => {
    const { login, binding } = await cookieNames()
    const { get, authority } = asking()
    await get('/authorize', { cookie: `other=1; ${login}=L-0_1;${binding}=B; last=2` })
    expect(authority.begun[0]?.browser).toEqual({ login: 'L-0_1', binding: 'B', network: undefined })
  })

  test('sent twice under one name count as absent, since one of the two was planted', async () => {
    const { login, binding } = await cookieNames()
    const { get, authority } = asking()
    await get('/authorize', { cookie: `${login}=mine; ${binding}=B; ${login}=planted` })
    await get('/authorize', { cookie: `${login}=same; ${login}=same` })
    expect(authority.begun.map(({ browser }) => browser.login)).toEqual([undefined, undefined])
    expect(authority.begun[0]?.browser.binding).toBe('B')
  })

  test('under a name of other case, with a longer name, empty, overlong or with foreign characters are absent', async () => {
    const { login } = await cookieNames()
    const { get, authority } = asking()
    const values = ['', 'a b', '"quoted"', 'a,b', 'x'.repeat(1025), 'a=b']
    const headers = [
      ...values.map((value) => `${login}=${value}`),
      `${login.toUpperCase()}=x`,
      `x${login}=x`,
      `${login}x=x`,
      login,
    ]
    for (const cookie of headers) await get('/authorize', { cookie })
    expect(authority.begun.map(({ browser }) => browser.login)).toEqual(headers.map(() => undefined))
  })
})
