import type { Stores } from '@jotwarden/authority'
import type { KeyPlan, KeyRecord, KeySchedule } from '@jotwarden/keyring'
import { decodeUnverified, Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'
import {
  authorizationForm,
  authorize,
  basic,
  browser,
  form,
  ISSUER,
  outcome,
  PASSWORD,
  VERIFIER,
  type World,
  world,
} from './world.ts'

const HOUR = 3600
const DAY = 24 * HOUR
/** Keys are replaced daily, those that seal hourly; the plan knows only of short sessions. */
const plan: KeyPlan = {
  jwksMaxAge: 300,
  propagation: 60,
  skew: 60,
  lease: 15,
  purposes: {
    'token-signing': { rotationPeriod: DAY, longestLife: 600 },
    'refresh-mac': { rotationPeriod: DAY, longestLife: HOUR },
    sealing: { rotationPeriod: HOUR, longestLife: DAY },
  },
}

test('a refresh token that never changes works until its session ends, however often its key is replaced and whatever the plan says now', async () => {
  const made = await world({ settings: { sessionLifetime: 7 * DAY }, schedule })
  const kept = await keptToken(made)
  const end = made.time.now + 7 * DAY
  const first = (await keysOf(made, 'refresh-mac')).find(({ state }) => state === 'active')
  while (made.time.now + HOUR < end) {
    await pass(made, HOUR)
    expect(await outcome(refreshed(made, kept))).toBe('accepted')
  }
  const states = (await keysOf(made, 'refresh-mac')).map(({ state }) => state)
  expect(states.length).toBeGreaterThanOrEqual(7)
  expect(await stateOf(made, first)).toBe('retiring')
  for (let hours = 0; hours < 2; hours += 1) await pass(made, HOUR)
  expect(await outcome(refreshed(made, kept))).toBe('oauth/invalid_grant')
  expect(await stateOf(made, first)).toBe('retired')
})

test('a sign-in under way is finished after the key that sealed it has been replaced many times', async () => {
  const made = await world({ settings: { interactionLifetime: DAY }, schedule })
  const from = browser()
  const step = await made.authority.authorization.begin(authorizationForm(), from)
  if (step.step !== 'login') throw new Error(`stopped at ${step.step}`)
  from.binding = step.binding
  for (let hours = 0; hours < 23; hours += 1) await pass(made, HOUR)
  expect((await keysOf(made, 'sealing')).filter(({ state }) => state === 'retiring').length).toBeGreaterThan(
    20,
  )
  const { interaction } = step
  const password = Secret.fromText(PASSWORD)
  const signIn = { interaction, username: 'ada', password }
  expect(await made.authority.authorization.signIn(signIn, from)).toMatchObject({ step: 'signed-in' })
})

test('an access token is taken by its own authority until it ends, across the replacement of its key', async () => {
  const made = await world({ schedule })
  const kept = await keptToken(made)
  const signers = new Set<unknown>()
  for (let minutes = 0; minutes < 3 * 24 * 60; minutes += 9) {
    const { access_token } = await refreshed(made, kept)
    signers.add(decodeUnverified(access_token).header.kid)
    await pass(made, 9 * 60)
    expect(await outcome(made.authority.userinfo(access_token))).toBe('accepted')
  }
  expect(signers.size).toBeGreaterThanOrEqual(3)
})

function schedule(stores: Stores): KeySchedule {
  return {
    plan,
    async latestEnd(purpose) {
      if (purpose === 'refresh-mac') return stores.sessions.latestEnd(ISSUER)
      return purpose === 'token-signing' ? (await stores.revocation.head(ISSUER)).latestExp : 0
    },
  }
}

async function pass({ authority, time }: World, seconds: number): Promise<void> {
  time.now += seconds
  await authority.keyring.renew()
  await authority.keyring.tend()
}

async function keptToken(made: World): Promise<string> {
  const query = await authorize(made, { client_id: 'web', redirect_uri: 'https://web.example/cb' })
  const values = { grant_type: 'authorization_code', code: query.get('code') ?? '' }
  const tokens = await tokensFor(made, { ...values, code_verifier: VERIFIER })
  return tokens.refresh_token ?? ''
}

function refreshed(made: World, refresh_token: string) {
  return tokensFor(made, { grant_type: 'refresh_token', refresh_token })
}

function tokensFor({ authority, web }: World, values: Readonly<Record<string, string>>) {
  return authority.token({
    form: form(values),
    authorization: basic(web.id, web.secret),
    network: undefined,
  })
}

async function keysOf({ stores }: World, purpose: KeyRecord['purpose']): Promise<readonly KeyRecord[]> {
  return (await stores.keys.list(ISSUER)).filter((record) => record.purpose === purpose)
}

async function stateOf({ stores }: World, key: KeyRecord | undefined) {
  return (await stores.keys.list(ISSUER)).find(({ kid }) => kid === key?.kid)?.state
}
