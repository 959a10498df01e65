import { join } from 'node:path'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { type JsonObject, KeySet, verify } from '@jotwarden/token'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { type GrantedTokens, grantedTokens, kidOf, refreshStatus } from './granted-tokens.ts'
import type { Running } from './jotwarden-process.ts'
import { begunSignIn, signedInCookie } from './signed-in-cookie.ts'

// Real processes and real time: keys are replaced as fast as their plan allows while a client never stops refreshing.

const environment = {
  JOTWARDEN_KEYS_ROTATION_PERIOD: '1s',
  JOTWARDEN_KEYS_JWKS_MAX_AGE: '2',
  JOTWARDEN_KEYS_PROPAGATION: '0',
  JOTWARDEN_KEYS_CLOCK_SKEW: '0',
  JOTWARDEN_TOKENS_ACCESS_TOKEN_LIFETIME: '5',
  JOTWARDEN_TOKENS_ID_TOKEN_LIFETIME: '5',
  JOTWARDEN_SESSIONS_GRACE_WINDOW: '0',
}
let deployment: Deployment
let server: Running

beforeAll(async () => {
  deployment = await deployed(environment)
  server = await deployment.start()
})

afterAll(async () => {
  await server?.stop()
})

test('keys of every purpose are replaced twice under a client that keeps refreshing, and nothing fails', async () => {
  const enterLater = await begunSignIn(deployment)
  const cookie = await signedInCookie(deployment)
  const kept = await grantedTokens(deployment, cookie)
  const seen = await refreshWhileKeysChange(await grantedTokens(deployment, cookie))
  expect(seen.failures).toEqual([])
  expect(seen.refreshes).toBeGreaterThan(100)
  expect(seen.signers.size).toBeGreaterThanOrEqual(3)

  // What was made at the beginning, by keys that make nothing any more
  expect(await refreshStatus(deployment, kept)).toBe(200)
  expect(await enterLater()).toContain('login=')
  const states = await statesByPurpose()
  for (const purpose of ['token-signing', 'refresh-mac', 'sealing']) {
    const all = states.filter((state) => state.startsWith(purpose))
    expect(all.filter((state) => state === `${purpose} active`)).toHaveLength(1)
    expect(all).toContain(`${purpose} pending`)
    expect(all.filter((state) => state === `${purpose} retiring`).length).toBeGreaterThanOrEqual(2)
  }
  expect(states).toContain('token-signing retiring without a private part')
  expect((await server.stop()).stdout).not.toContain('"level":"error"')
}, 60_000)

/** Refreshes until the third key signs, and checks each answer as the strictest of verifiers would. */
async function refreshWhileKeysChange({ refresh }: GrantedTokens) {
  const { issuer, app } = deployment
  const options = { execute: [client.allowInsecureRequests] }
  const config = await client.discovery(new URL(issuer), app.id, undefined, client.None(), options)
  const foreign = foreignVerifier(issuer)
  const seen = { failures: [] as unknown[], signers: new Set<string>(), refreshes: 0 }
  const deadline = performance.now() + 50_000
  let token = refresh
  while (seen.signers.size < 3 && performance.now() < deadline) {
    try {
      const answer = await client.refreshTokenGrant(config, token)
      token = answer.refresh_token ?? ''
      const claims = await foreign(answer.access_token)
      await foreign(answer.id_token ?? '')
      await client.fetchUserInfo(config, answer.access_token, String(claims.sub))
      seen.signers.add(kidOf(answer.access_token))
      seen.refreshes += 1
    } catch (error) {
      seen.failures.push(error)
      if (seen.failures.length > 5) break
    }
  }
  return seen
}

/** Keeps the key set exactly as long as it may, and asks for it no sooner, whatever key a token names. */
function foreignVerifier(issuer: string): (token: string) => Promise<JsonObject> {
  let keys: KeySet | undefined
  let until = 0
  return async (token) => {
    if (keys === undefined || performance.now() >= until) {
      const asked = performance.now()
      const answer = await fetch(`${issuer}/jwks.json`)
      const maxAge = /max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1]
      expect(maxAge).toBe('2')
      keys = KeySet.fromJwks(await answer.json())
      until = asked + Number(maxAge) * 1000
    }
    return verify(token, keys).claims
  }
}

async function statesByPurpose(): Promise<readonly string[]> {
  const stores = await openSqliteStores({ path: join(deployment.folder, 'data', 'jotwarden.db') })
  const records = await stores.keys.list(deployment.issuer)
  await stores.close()
  return records.flatMap(({ purpose, state, wrapped }) =>
    state === 'retiring' && wrapped === null
      ? [`${purpose} ${state}`, `${purpose} ${state} without a private part`]
      : [`${purpose} ${state}`],
  )
}
