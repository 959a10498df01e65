import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { KeySet, verify } from '@jotwarden/token'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, type GrantedTokens, grantedTokens, newCode } from './granted-tokens.ts'
import { type Ended, jotwarden, type Running } from './jotwarden-process.ts'
import { begunSignIn, signedInCookie } from './signed-in-cookie.ts'

// One story in real processes: the key-encryption key is lost, is stolen, and the people who depend on it go on.

let deployment: Deployment
let server: Running | undefined
let kekFile = ''

beforeAll(async () => {
  deployment = await deployed()
  kekFile = join(deployment.folder, 'jotwarden.kek')
})
afterAll(async () => {
  await server?.stop()
})

test('without its key-encryption key the server refuses to start, names the way out, and makes nothing by itself', async () => {
  await run(['keys', 'rotate'])
  const before = await records()
  const kept = `${kekFile}.kept`
  renameSync(kekFile, kept)
  for (const words of [['serve'], ['serve'], ['keys', 'rewrap']]) {
    const { code, stderr } = await run(words)
    expect(code).toBe(1)
    expect(stderr).toContain('which does not exist')
    expect(stderr).toContain('Restore it from its backup')
    expect(stderr).toContain('jotwarden keys replace-lost')
  }
  expect(existsSync(kekFile)).toBe(false)
  writeFileSync(kekFile, `${'B'.repeat(42)}A\n`, { mode: 0o600 })
  const refused = await run(['serve', '--json'])
  expect(refused.code).toBe(1)
  const { error } = JSON.parse(refused.stderr)
  expect(error.code).toBe('keystore/wrong-kek')
  expect(error.remedy).toContain('jotwarden keys replace-lost')
  expect((await run(['keys', 'rewrap'])).code).toBe(1)
  expect(readFileSync(kekFile, 'utf8')).toBe(`${'B'.repeat(42)}A\n`)
  expect(await records()).toEqual(before)

  // The key turns up: put back as a further line it opens everything again.
  writeFileSync(kekFile, `${'B'.repeat(42)}A\n${readFileSync(kept, 'utf8')}`, { mode: 0o600 })
  expect((await run(['keys', 'rewrap'])).code).toBe(0)
  rmSync(kept)
  expect(readFileSync(kekFile, 'utf8')).toBe(`${'B'.repeat(42)}A\n`)
})

test('a lost key-encryption key: access tokens stay good, refresh tokens are refused, everything else is as it was', async () => {
  const { before, cookie, enterLater } = await livesAtPresent()
  rmSync(kekFile)
  const unasked = await run(['keys', 'replace-lost'])
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toContain('--yes')
  expect(existsSync(kekFile)).toBe(false)

  const { code, stdout } = await run(['keys', 'replace-lost', '--yes', '--json'])
  expect(code).toBe(0)
  const outcome = JSON.parse(stdout)
  expect(outcome).toMatchObject({ outcome: 'replaced', stolen: false, kek_file: kekFile })
  expect([outcome.ended.length, outcome.made.length]).toEqual([6, 6])
  expect(existsSync(kekFile)).toBe(true)

  server = await deployment.start()
  expect(await accessStatus(deployment, before)).toBe(200)
  expect(verify(before.access, KeySet.fromJwks(await jwks())).claims.sub).toBe(before.claims.sub)
  expect(await refreshAnswer(before)).toEqual({ status: 400, error: 'invalid_grant' })
  expect(await newCode(deployment, cookie)).not.toBeNull()
  await expect(enterLater()).rejects.toThrow(/answered with 4\d\d$/)
  await everythingElseWorks()
  const told = JSON.parse(
    `[${(await run(['events', 'list', '--json'])).stdout.trim().replaceAll('\n', ',')}]`,
  ).flat()
  const causes = told.filter((event: { cause?: string }) => event.cause === 'kek-lost')
  expect(causes).toHaveLength(15)

  const again = await run(['keys', 'replace-lost', '--yes', '--json'])
  expect({ code: again.code, outcome: JSON.parse(again.stdout).outcome }).toEqual({
    code: 0,
    outcome: 'none-lost',
  })
}, 30_000)

test('a stolen key-encryption key: what the keys signed is refused as well', async () => {
  const { before } = await livesAtPresent()
  rmSync(kekFile)
  const { code, stdout } = await run(['keys', 'replace-lost', '--stolen', '--yes'])
  expect(code).toBe(0)
  expect(stdout).toContain('What the old keys signed is refused')
  server = await deployment.start()
  expect(await accessStatus(deployment, before)).toBe(401)
  const published = await jwks()
  expect(published.keys).toHaveLength(2)
  expect(() => verify(before.access, KeySet.fromJwks(published))).toThrow(/key/)
  expect(await refreshAnswer(before)).toEqual({ status: 400, error: 'invalid_grant' })
  await everythingElseWorks()
}, 30_000)

test('a server that runs meanwhile goes on with the new keys by itself', async () => {
  server ??= await deployment.start()
  const before = await grantedTokens(deployment, await signedInCookie(deployment))
  rmSync(kekFile)
  const { code, stdout } = await run(['keys', 'replace-lost', '--yes', '--json'])
  expect(code).toBe(0)
  const { made } = JSON.parse(stdout)
  const signers = made.flatMap(({ kid, purpose }: Made) => (purpose === 'token-signing' ? [kid] : []))
  const first = async () => (await jwks()).keys.map(({ kid }) => kid)[0]
  await expect.poll(first, { timeout: 10_000, interval: 20 }).toSatisfy((kid) => signers.includes(kid))
  expect(await accessStatus(deployment, before)).toBe(200)
  expect(await refreshAnswer(before)).toEqual({ status: 400, error: 'invalid_grant' })
  await everythingElseWorks()
}, 30_000)

interface Made {
  readonly kid: string
  readonly purpose: string
}

/** A server with somebody signed in and somebody about to, stopped again. */
async function livesAtPresent() {
  server ??= await deployment.start()
  const cookie = await signedInCookie(deployment)
  const before = await grantedTokens(deployment, cookie)
  const enterLater = await begunSignIn(deployment)
  await server.stop()
  server = undefined
  return { before, cookie, enterLater }
}

async function everythingElseWorks(): Promise<void> {
  const { service, issuer } = deployment
  const after = await grantedTokens(deployment, await signedInCookie(deployment))
  expect(await accessStatus(deployment, after)).toBe(200)
  expect((await refreshAnswer(after)).status).toBe(200)
  const basic = Buffer.from(`${service.id}:${service.secret}`).toString('base64')
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
  })
  expect(answer.status).toBe(200)
}

async function refreshAnswer({ client, refresh }: GrantedTokens) {
  const body = new URLSearchParams({ client_id: client, grant_type: 'refresh_token', refresh_token: refresh })
  const answer = await fetch(`${deployment.issuer}/token`, { method: 'POST', body })
  const { error } = await answer.json()
  return error === undefined ? { status: answer.status } : { status: answer.status, error }
}

async function jwks(): Promise<{ readonly keys: readonly { readonly kid: string }[] }> {
  return (await fetch(`${deployment.issuer}/jwks.json`)).json()
}

async function records() {
  const stores = await openSqliteStores({ path: join(deployment.folder, 'data', 'jotwarden.db') })
  const listed = await stores.keys.list(deployment.issuer)
  await stores.close()
  return listed
}

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder: deployment.folder })
}
