import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { type Mark, parseFeedMessage } from '@jotwarden/policy'
import { decodeUnverified } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { newCode } from './granted-tokens.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// The server is killed (SIGKILL) at a random moment under load, again and again. Whatever it had acknowledged must be there
// after the next start: codes still redeem, redeemed ones stay used, sessions refresh, rotations keep their successor, and
// what has ended stays ended, and every mark is in the log that verifiers read, each number once.

const KILLS = process.env.SLOW === '1' ? 300 : 100
const CALLERS = 8
const VERIFIER = 'v'.repeat(43)

/** What the server had answered when it died. A step that was asked for and not answered is in doubt, and is not here. */
interface Acknowledged {
  readonly codes: string[]
  readonly redeemed: { readonly code: string; readonly token: string }[]
  readonly sessions: string[]
  readonly rotations: { readonly before: string; readonly after: string }[]
  /** Sessions that were taken back by their refresh token. */
  readonly revoked: { readonly token: string; readonly sid: string }[]
  /** Access tokens that were taken back by themselves. */
  readonly refused: string[]
}

test(`kill -9 under load, ${KILLS} times: nothing acknowledged is lost or undone`, {
  timeout: 600_000,
}, async () => {
  // Each round takes back more than one person ever would
  const deployment = await deployed({ JOTWARDEN_SESSIONS_REVOCATION_QUOTA: '100000' })
  let server = await deployment.start()
  const cookie = await signedInCookie(deployment)
  const totals = { codes: 0, redeemed: 0, sessions: 0, rotations: 0, revoked: 0, refused: 0 }
  let ended: readonly string[] = []
  const allRevoked: string[] = []
  const allMarked: string[] = []

  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged: Acknowledged = {
      codes: [],
      redeemed: [],
      sessions: [],
      rotations: [],
      revoked: [],
      refused: [],
    }
    const load = Array.from({ length: CALLERS }, (_, caller) =>
      callUntilDead(deployment, cookie, caller, acknowledged),
    )
    await pause(randomInt(20, 300))
    const dead = server.stop('SIGKILL')
    await Promise.all([dead, ...load])
    server = await deployment.start()
    for (const token of ended) expect(await refreshed(deployment, token)).toEqual({ error: 'invalid_grant' })
    ended = await checkEverything(deployment, acknowledged)
    allRevoked.push(...acknowledged.revoked.map(({ token }) => token))
    allMarked.push(...acknowledged.revoked.map(({ sid }) => sid), ...acknowledged.refused)
    for (const kind of Object.keys(totals) as (keyof typeof totals)[])
      totals[kind] += acknowledged[kind].length
  }
  // Asking for all of them would mostly be waiting; of all of them the rows tell
  for (const token of allRevoked.slice(-80))
    expect(await refreshed(deployment, token)).toEqual({ error: 'invalid_grant' })
  expect(live(deployment, allMarked)).toEqual([])
  const marks = await feed(deployment)
  expect(new Set(marks.map(({ number }) => number)).size).toBe(marks.length)
  const ids = new Set(marks.map(({ id }) => id))
  expect(allMarked.filter((id) => !ids.has(id))).toEqual([])
  await server.stop()
  console.log(`acknowledged over ${KILLS} kills: ${JSON.stringify(totals)}`)
  for (const total of Object.values(totals)) expect(total).toBeGreaterThan(KILLS)
})

/** One caller: code, redemption, refresh, over and over; stops in differing places so that each kind is left over. */
async function callUntilDead(
  deployment: Deployment,
  cookie: string,
  caller: number,
  acknowledged: Acknowledged,
): Promise<void> {
  try {
    for (let round = caller; ; round++) {
      const code = await codeFor(deployment, cookie)
      if (round % 6 === 0) {
        acknowledged.codes.push(code)
        continue
      }
      const session = await redeemed(deployment, code)
      if (session.token === undefined) throw new Error(`a fresh code was refused: ${session.error}`)
      if (round % 6 === 1) acknowledged.sessions.push(session.token)
      if (round % 6 === 2) acknowledged.redeemed.push({ code, token: session.token })
      if (round % 6 === 4) {
        await revoke(deployment, session.token)
        acknowledged.revoked.push({ token: session.token, sid: session.claims.sid })
      }
      if (round % 6 === 5) {
        await revoke(deployment, session.accessToken)
        acknowledged.refused.push(session.claims.jti)
      }
      if (round % 6 === 3) {
        const next = await refreshed(deployment, session.token)
        if (next.token === undefined) throw new Error(`a fresh session was refused: ${next.error}`)
        acknowledged.rotations.push({ before: session.token, after: next.token })
      }
    }
  } catch (error) {
    // `fetch` says TypeError when the server is gone; anything else is a finding.
    if (!(error instanceof TypeError)) throw error
  }
}

/** Asks for everything again. Answers the tokens whose sessions this check itself ended. */
async function checkEverything(
  deployment: Deployment,
  acknowledged: Acknowledged,
): Promise<readonly string[]> {
  for (const code of acknowledged.codes)
    expect(await redeemed(deployment, code)).toMatchObject({ token: expect.any(String) })
  for (const token of acknowledged.sessions) {
    const { token: successor } = await refreshed(deployment, token)
    expect(successor).toBeDefined()
    expect(successor).not.toBe(token)
  }
  for (const { before, after } of acknowledged.rotations) {
    expect(await refreshed(deployment, before)).toMatchObject({ token: after })
    expect(await refreshed(deployment, after)).toMatchObject({ token: after })
  }
  for (const { code, token } of acknowledged.redeemed) {
    expect(await redeemed(deployment, code)).toEqual({ error: 'invalid_grant' })
    expect(await refreshed(deployment, token)).toEqual({ error: 'invalid_grant' })
  }
  for (const { token } of acknowledged.revoked)
    expect(await refreshed(deployment, token)).toEqual({ error: 'invalid_grant' })
  const ids = new Set((await feed(deployment)).map(({ id }) => id))
  for (const { sid } of acknowledged.revoked) expect(ids).toContain(sid)
  for (const jti of acknowledged.refused) expect(ids).toContain(jti)
  return acknowledged.redeemed.map(({ token }) => token)
}

type Redeemed =
  | { readonly token?: undefined; readonly error: string }
  | {
      readonly error?: undefined
      readonly token: string
      readonly accessToken: string
      readonly claims: { readonly sid: string; readonly jti: string }
    }

async function codeFor(deployment: Deployment, cookie: string): Promise<string> {
  const code = await newCode(deployment, cookie)
  if (code === null) throw new Error('the cookie is worth no code')
  return code
}

function redeemed(deployment: Deployment, code: string) {
  return token(deployment, { grant_type: 'authorization_code', code, code_verifier: VERIFIER })
}

function refreshed(deployment: Deployment, refreshToken: string) {
  return token(deployment, { grant_type: 'refresh_token', refresh_token: refreshToken })
}

async function token(
  { issuer, app }: Pick<Deployment, 'issuer' | 'app'>,
  values: Readonly<Record<string, string>>,
): Promise<Redeemed> {
  const body = new URLSearchParams({ client_id: app.id, ...values })
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body })
  const { refresh_token, access_token, error } = await answer.json()
  if (answer.status === 429) {
    // This test asks for more wrong ones than one network may; what they are worth is told after the wait
    await pause(Number(answer.headers.get('retry-after')) * 1000)
    return token({ issuer, app }, values)
  }
  if (error !== undefined) return { error: String(error) }
  const { sid, jti } = decodeUnverified(access_token).claims
  const claims = { sid: String(sid), jti: String(jti) }
  return { token: String(refresh_token), accessToken: String(access_token), claims }
}

async function revoke({ issuer, app }: Deployment, token: string): Promise<void> {
  const body = new URLSearchParams({ client_id: app.id, token })
  const answer = await fetch(`${issuer}/revoke`, { method: 'POST', body })
  if (answer.status !== 200) throw new Error(`a token was not taken back: ${answer.status}`)
}

/** Every mark of the log, as a verifier is told. */
async function feed({ issuer, api }: Deployment): Promise<readonly Mark[]> {
  const authorization = `Basic ${Buffer.from(`${api.id}:${api.secret}`).toString('base64')}`
  const answer = await fetch(`${issuer}/revocations?mode=poll`, { headers: { authorization } })
  const lines = (await answer.text()).trimEnd().split('\n')
  const messages = lines.map((line) => parseFeedMessage(Buffer.from(line)))
  expect(messages.at(-1)).toMatchObject({ type: 'head' })
  return messages.flatMap((message) => (message?.type === 'marks' ? message.marks : []))
}

/** Which of the sessions have not ended, in the rows themselves. */
function live({ folder }: Deployment, ids: readonly string[]): readonly unknown[] {
  const database = new DatabaseSync(join(folder, 'data/jotwarden.db'), { readOnly: true })
  const open = database.prepare('SELECT id FROM sessions WHERE ended_at IS NULL').all()
  database.close()
  const named = new Set(ids)
  return open.map(({ id }) => String(id)).filter((id) => named.has(id))
}
