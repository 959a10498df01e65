import { createVerifier, type Verifier, VerifierError } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Deployment, deployed, RESOURCE } from './deployment.ts'
import { type GrantedTokens, grantedTokens, newCode, refreshStatus } from './granted-tokens.ts'
import { jotwarden, type Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// What a person ends on their own page, at an API that follows the revocation feed of the running authority.

describe('what a person ends on their own page', () => {
  let deployment: Deployment
  let server: Running
  let verifier: Verifier
  let desk: string
  let phone: string
  let deskTokens: GrantedTokens
  let phoneTokens: GrantedTokens

  beforeAll(async () => {
    deployment = await deployed()
    server = await deployment.start()
    verifier = createVerifier({
      issuer: deployment.issuer,
      audience: RESOURCE,
      revocation: followRevocations({ clientId: deployment.api.id, clientSecret: deployment.api.secret }),
    })
  })

  afterAll(async () => {
    verifier?.close()
    await server?.stop()
  })

  beforeEach(async () => {
    desk = await signedInCookie(deployment)
    phone = await signedInCookie(deployment)
    deskTokens = await grantedTokens(deployment, desk)
    phoneTokens = await grantedTokens(deployment, phone)
    expect([await accepts(deskTokens), await accepts(phoneTokens)]).toEqual(['accepted', 'accepted'])
  })

  async function accepts({ access }: GrantedTokens): Promise<string> {
    try {
      await verifier.verify(access)
      return 'accepted'
    } catch (error) {
      return error instanceof VerifierError ? `${error.code} ${error.reason}` : String(error)
    }
  }

  async function end(cookie: string, form: Readonly<Record<string, string>>): Promise<Response> {
    const page = await fetch(`${deployment.issuer}/sessions`, { headers: { cookie } })
    const proof = /name="proof" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    return fetch(`${deployment.issuer}/sessions`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, proof }),
      headers: { cookie, origin: deployment.issuer },
      redirect: 'manual',
    })
  }

  /** Within how many milliseconds of the answer the API refuses the token. */
  async function refusedAfter(tokens: GrantedTokens): Promise<number> {
    const since = performance.now()
    await expect.poll(() => accepts(tokens), { interval: 5, timeout: 5000 }).toMatch(/revoked/)
    return performance.now() - since
  }

  const endings = [
    ['one session', () => ({ act: 'session', id: phoneTokens.claims.sid })],
    ['one browser', () => ({ act: 'login', id: phoneTokens.claims.login })],
    ['all others', () => ({ act: 'others', id: '' })],
  ] as const
  for (const [name, form] of endings) {
    test(`${name}: the API refuses within a second, the refresh is refused, the browser that asked goes on`, async () => {
      expect((await end(desk, form())).status).toBe(303)
      expect(await refusedAfter(phoneTokens)).toBeLessThan(1000)
      expect([await refreshStatus(deployment, phoneTokens), await accepts(deskTokens)]).toEqual([
        400,
        'accepted',
      ])
      expect(await refreshStatus(deployment, deskTokens)).toBe(200)
      expect(await newCode(deployment, desk)).not.toBeNull()
      if (name !== 'one session') expect(await newCode(deployment, phone)).toBeNull()
    })
  }

  test('everything: the API refuses both within a second, and neither browser is signed in', async () => {
    const answer = await end(desk, { act: 'everything' })
    expect(answer.headers.get('location')).toBe(`${deployment.issuer}/logout`)
    expect(await refusedAfter(phoneTokens)).toBeLessThan(1000)
    expect(await refusedAfter(deskTokens)).toBeLessThan(1000)
    expect([await newCode(deployment, desk), await newCode(deployment, phone)]).toEqual([null, null])
  })

  test('an app: every session of it is over, another app of the same browser goes on, and who did it is recorded', async () => {
    const other = await grantedTokens(deployment, phone, deployment.other.id)
    expect((await end(desk, { act: 'app', id: deployment.app.id })).status).toBe(303)
    expect(await refusedAfter(phoneTokens)).toBeLessThan(1000)
    expect(await refusedAfter(deskTokens)).toBeLessThan(1000)
    expect([await accepts(other), await refreshStatus(deployment, other)]).toEqual(['accepted', 200])
    const { stdout } = await jotwarden(
      ['events', 'list', '--type', 'session-ended', '--limit', '2', '--json'],
      {
        folder: deployment.folder,
      },
    )
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told.flat().map(({ cause }) => cause)).toEqual(['person', 'person'])
  })
})
