import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deployed } from './deployment.ts'
import { jotwarden, temporaryFolder } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

const VERIFIER = 'v'.repeat(43)
const CHALLENGE = '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM'

test('a stolen store holds no credential that works, and starts no server without its key', async () => {
  const deployment = await deployed()
  const { issuer, app, service, account, folder } = deployment
  const server = await deployment.start()
  const cookie = await signedInCookie(deployment)
  const unused = await newCode()
  const code = await newCode()
  const answer = await token({ grant_type: 'authorization_code', code, code_verifier: VERIFIER })
  const next = await token({ grant_type: 'refresh_token', refresh_token: answer.refresh_token ?? '' })
  const secrets = [
    ...[cookie.slice(cookie.indexOf('=') + 1), unused, code, account.password, service.secret],
    ...[answer, next].flatMap((one) => [one.access_token, one.refresh_token, one.id_token]),
  ]
  await server.stop()

  const data = join(folder, 'data')
  const dump = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'))
  expect(dump.join('')).toContain(account.username)
  expect(secrets).toHaveLength(11)
  for (const secret of secrets) {
    expect(String(secret).length).toBeGreaterThan(20)
    expect(dump.some((text) => text.includes(String(secret)))).toBe(false)
    expect(dump.some((text) => text.includes(String(secret).split('.').at(-1)?.slice(-20) ?? ''))).toBe(false)
  }

  const elsewhere = temporaryFolder()
  cpSync(data, join(elsewhere, 'data'), { recursive: true })
  writeFileSync(
    join(elsewhere, 'jotwarden.toml'),
    `issuer = "${issuer}"\n[server]\nlisten = "127.0.0.1:0"\n[keys]\nowner = "thief"\nrotation_period = "30d"\n`,
  )
  const thief = { folder: elsewhere, environment: { JOTWARDEN_KEK: 'B'.repeat(42).concat('A') } }
  const replayed = await jotwarden(['serve'], thief)
  expect(replayed.code).toBe(1)
  expect(replayed.stderr).toMatch(/key-encryption key|wrapped/)

  async function newCode(): Promise<string> {
    const query = new URLSearchParams({
      ...{ client_id: app.id, redirect_uri: app.redirectUri, response_type: 'code', prompt: 'none' },
      ...{ scope: 'openid orders:read', code_challenge: CHALLENGE, code_challenge_method: 'S256' },
    })
    const sent = await fetch(`${issuer}/authorize?${query}`, { headers: { cookie }, redirect: 'manual' })
    return new URL(sent.headers.get('location') ?? 'about:blank').searchParams.get('code') ?? ''
  }

  async function token(values: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
    const body = new URLSearchParams({ client_id: app.id, ...values })
    return (await fetch(`${issuer}/token`, { method: 'POST', body })).json()
  }
})
