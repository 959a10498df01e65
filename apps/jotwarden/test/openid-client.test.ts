import { createServer, type Server } from 'node:http'
import { decodeUnverified, type JsonObject, signJwt } from '@jotwarden/token'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from './browser.ts'
import { type Development, developing, withKeysOf } from './development.ts'
import { freePort } from './jotwarden-process.ts'

// The certified client library drives a real server over real HTTP, through the pages as they are.

let development: Development
let callback: { readonly url: string; readonly server: Server }

beforeAll(async () => {
  development = await developing()
  callback = await listenForCallbacks()
})

afterAll(async () => {
  callback.server.close()
  await development.stop()
})

const SCOPE = 'openid profile email offline_access orders:read'

async function discovered(
  id = 'dev-cli',
  authentication: client.ClientAuth = client.None(),
): Promise<client.Configuration> {
  const options = { execute: [client.allowInsecureRequests] }
  return client.discovery(new URL(development.issuer), id, undefined, authentication, options)
}

/** Code and PKCE through the sign-in and consent forms, with every check that the library makes. */
async function signIn(config: client.Configuration, redirect = callback.url, scope = SCOPE) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const browser = new Browser()
  await browser.open(url.href)
  const { username, password } = development.account
  const entered = await browser.submit('/login', { username, password })
  if (entered.html.includes('name="decision"')) await browser.submit('/consent', { decision: 'allow' })
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  return client.authorizationCodeGrant(config, new URL(browser.page.url), checks)
}

function orders(token: string): Promise<Response> {
  return fetch(`${development.api}/orders`, { headers: { authorization: `Bearer ${token}` } })
}

describe('openid-client', () => {
  test('discovers both metadata documents, and they are identical', async () => {
    const openid = await (await fetch(`${development.issuer}/.well-known/openid-configuration`)).json()
    const oauth = await (await fetch(`${development.issuer}/.well-known/oauth-authorization-server`)).json()
    expect(openid).toEqual(oauth)
    expect((await discovered()).serverMetadata().issuer).toBe(development.issuer)
  })

  test('signs in with code and PKCE, checks the ID token, reads userinfo, refreshes', async () => {
    const config = await discovered()
    const tokens = await signIn(config)
    const claims = tokens.claims()
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
    expect(userinfo).toMatchObject({
      preferred_username: development.account.username,
      email: 'dev@example.com',
    })

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
    expect(refreshed.claims()?.sub).toBe(claims?.sub)
    const retried = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(retried.refresh_token).toBe(refreshed.refresh_token)
  })

  test('uses client credentials with Basic and with the body', async () => {
    const secret = development.secretOf('dev-service')
    for (const authentication of [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]) {
      const tokens = await client.clientCredentialsGrant(await discovered('dev-service', authentication))
      expect((await orders(tokens.access_token)).status).toBe(200)
    }
  })

  test('100 parallel refreshes of one token over HTTP on SQLite: 100 successes, one successor', async () => {
    const config = await discovered()
    const { refresh_token = '' } = await signIn(config)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.refreshTokenGrant(config, refresh_token)),
    )
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1)
    expect(answers[0]?.refresh_token).not.toBe(refresh_token)
  })
})

describe('the sample API', () => {
  test('accepts the token of a person', async () => {
    const { access_token } = await signIn(await discovered())
    const answer = await orders(access_token)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ asked_by: { client_id: 'dev-cli' } })
  })

  test('refuses it with any one byte of any part changed', async () => {
    const { access_token } = await signIn(await discovered())
    for (let at = 3; at < access_token.length; at += 17) {
      const other = access_token[at] === 'A' ? 'B' : 'A'
      const changed = access_token.slice(0, at) + other + access_token.slice(at + 1)
      expect([at, (await orders(changed)).status]).toEqual([at, 401])
    }
  })

  const REFUSED: readonly (readonly [string, string, (claims: JsonObject) => JsonObject, number])[] = [
    ['unchanged, to show that the rest is refused for its reason', 'at+jwt', (claims) => claims, 200],
    [
      'expired',
      'at+jwt',
      ({ iat, ...claims }) => ({ ...claims, iat: Number(iat) - 900, exp: Number(iat) - 300 }),
      401,
    ],
    ['for another audience', 'at+jwt', (claims) => ({ ...claims, aud: 'https://other.example' }), 401],
    ['of another issuer', 'at+jwt', (claims) => ({ ...claims, iss: 'https://other.example' }), 401],
    ['of another kind', 'JWT', (claims) => claims, 401],
    ['without exp', 'at+jwt', ({ exp: _, ...claims }) => claims, 401],
    [
      'that lives for a year',
      'at+jwt',
      (claims) => ({ ...claims, exp: Number(claims.iat) + 31_536_000 }),
      401,
    ],
    ['without its scope', 'at+jwt', (claims) => ({ ...claims, scope: 'openid' }), 403],
  ]
  for (const [name, typ, change, status] of REFUSED) {
    test(`answers ${status} to a token signed by the authority’s own key: ${name}`, async () => {
      const { access_token } = await signIn(await discovered())
      const claims = change(decodeUnverified(access_token).claims)
      const made = await withKeysOf(development, (keyring) => signJwt({ typ, claims }, keyring.signer()))
      const answer = await orders(made)
      expect(answer.status).toBe(status)
      if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
      if (status === 403)
        expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    })
  }

  test('refuses the ID token and the refresh token, and asks without a code when nothing was sent', async () => {
    const tokens = await signIn(await discovered())
    expect((await orders(tokens.id_token ?? '')).status).toBe(401)
    expect((await orders(tokens.refresh_token ?? '')).status).toBe(401)
    const bare = await fetch(`${development.api}/orders`)
    expect([bare.status, bare.headers.get('www-authenticate')?.includes('error')]).toEqual([401, false])
    const query = await fetch(`${development.api}/orders?access_token=${tokens.access_token}`)
    expect(query.status).toBe(400)
  })
})

async function listenForCallbacks() {
  const port = await freePort()
  const server = createServer((_request, response) => response.end('Back at the app'))
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${port}/callback`, server }
}
