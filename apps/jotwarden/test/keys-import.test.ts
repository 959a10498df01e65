import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { generateKeyPair, importSignKey, KeySet, signerOf, signJwt, verify } from '@jotwarden/token'
import { createVerifier } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'
import { expect, test } from 'vitest'
import { deployed, RESOURCE } from './deployment.ts'
import { jotwarden } from './jotwarden-process.ts'

test('keys import: what the former issuer signed is accepted until it has ended, and can be taken back', async () => {
  const deployment = await deployed()
  const { folder, issuer, api } = deployment
  const { privateJwk, publicJwk } = generateKeyPair('ES256')
  const former = signerOf(importSignKey({ ...privateJwk, kid: 'former-1' }))
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    ...{ iss: issuer, sub: 'usr_former', aud: RESOURCE, client_id: 'app', scope: 'orders:read' },
    ...{ jti: 'former-jti', iat: now, exp: now + 1800 },
  }
  const token = await signJwt({ typ: 'at+jwt', claims }, former)
  const server = await deployment.start()
  const verifier = createVerifier({
    issuer,
    audience: RESOURCE,
    revocation: followRevocations({ clientId: api.id, clientSecret: api.secret }),
  })
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'verifier/invalid-token' })
  await verifier.close()

  const file = join(folder, 'former.json')
  writeFileSync(file, JSON.stringify({ keys: [{ ...publicJwk, kid: 'former-1' }] }))
  const words = ['keys', 'import', file, '--for', '30m']
  expect((await jotwarden([...words, '--dry-run'], { folder })).stdout).toContain('Would import 1 key')
  const imported = await jotwarden([...words, '--json'], { folder })
  expect(imported).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(imported.stdout)).toMatchObject({ ok: true, imported: ['former-1'] })
  await expect.poll(() => published(issuer), { timeout: 5000 }).toContain('former-1')

  const keys = KeySet.fromJwks(await (await fetch(`${issuer}/jwks.json`)).json())
  expect(verify(token, keys).claims.sub).toBe('usr_former')
  const next = createVerifier({
    issuer,
    audience: RESOURCE,
    revocation: followRevocations({ clientId: api.id, clientSecret: api.secret }),
  })
  expect((await next.verify(token)).subject).toBe('usr_former')
  expect((await jotwarden(['sessions', 'revoke', '--everyone', '--yes'], { folder })).code).toBe(0)
  await expect.poll(() => next.verify(token).then(String, () => 'refused'), { timeout: 3000 }).toBe('refused')
  await next.close()

  const before = coveredUntil(folder)
  const again = await jotwarden(['keys', 'import', file, '--for', '90d'], { folder })
  expect(again).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('has the kid of a key that is here'),
  })
  expect(coveredUntil(folder)).toBe(before)
  const list = await jotwarden(['keys', 'list', '--json'], { folder })
  expect(JSON.parse(list.stdout)).toContainEqual(
    expect.objectContaining({ kid: 'former-1', state: 'retiring', removable_at: expect.any(Number) }),
  )
  await server.stop()
})

test('keys import ends with 2 without a duration, and with 1 for a file that holds no key set', async () => {
  const { folder } = await deployed()
  const file = join(folder, 'former.json')
  writeFileSync(file, '{}')
  expect((await jotwarden(['keys', 'import', file], { folder })).code).toBe(2)
  expect((await jotwarden(['keys', 'import', file, '--for', '900d'], { folder })).code).toBe(2)
  const { code, stderr } = await jotwarden(['keys', 'import', file, '--for', '1h'], { folder })
  expect([code, stderr]).toEqual([1, expect.stringContaining('jwks_uri')])
})

/** The last end that a mark may have to outlive, in Unix seconds. */
function coveredUntil(folder: string): unknown {
  const database = new DatabaseSync(join(folder, 'data', 'jotwarden.db'), { readOnly: true })
  const row = database.prepare('SELECT latest_exp FROM revocation_heads').get()
  database.close()
  return row?.latest_exp
}

async function published(issuer: string): Promise<readonly string[]> {
  const { keys } = await (await fetch(`${issuer}/jwks.json`)).json()
  return keys.map(({ kid }: { readonly kid: string }) => kid)
}
