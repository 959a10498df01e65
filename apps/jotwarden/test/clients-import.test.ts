import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Deployment, deployed, RESOURCE } from './deployment.ts'
import { type Ended, jotwarden, type Running } from './jotwarden-process.ts'

let deployment: Deployment
let server: Running
let count = 0
let id: string

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
})

afterAll(async () => {
  await server?.stop()
})

beforeEach(() => {
  count += 1
  id = `imported-${count}`
})

const SECRET = 'Zq8vW2xN5rT0yB7mK4pL9sD3fG6hJ1cA'

describe('jotwarden clients import', () => {
  test('takes clients over with ids and secrets: a running server answers them at once', async () => {
    const service = {
      client_id: id,
      client_secret: SECRET,
      client_name: 'Night run',
      grant_types: ['client_credentials'],
      scope: 'orders:read',
      token_endpoint_auth_method: 'client_secret_basic',
      client_id_issued_at: 1_600_000_000,
      client_secret_expires_at: 0,
      response_types: [],
    }
    const app = {
      client_id: `${id}-app`,
      client_name: 'App',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback', 'com.example.app:/cb'],
      post_logout_redirect_uris: ['com.example.app:/bye'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid orders:read',
    }
    const api = {
      client_id: `${id}-api`,
      client_secret: `${SECRET}x9Q`,
      resource: RESOURCE,
      consent: 'trusted',
    }
    const { code, stdout, stderr } = await imports([service, app, api], ['--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const added = [id, `${id}-app`, `${id}-api`]
    expect(JSON.parse(stdout)).toEqual({ ok: true, dry_run: false, added, skipped: [], weak: [] })
    expect(await statusOf(id, SECRET)).toBe(200)
    expect(await statusOf(id, `${SECRET}!`)).toBe(401)
    const listed = await listedClients()
    expect(listed.find((one) => one.client_id === `${id}-app`)).toMatchObject({
      ...{ type: 'public', application_type: 'native', secrets: [], scope: 'openid orders:read' },
      ...{ redirect_uris: app.redirect_uris, post_logout_redirect_uris: app.post_logout_redirect_uris },
      grant_types: ['authorization_code', 'refresh_token'],
    })
    expect(listed.find((one) => one.client_id === `${id}-api`)).toMatchObject({
      ...{ client_name: `${id}-api`, resource: RESOURCE, grant_types: [], consent: 'trusted' },
      secrets: [{ origin: 'imported', ends_at: null }],
    })
    expect((await jotwarden(['events', 'list', '--client', id], deployment)).stdout).toMatch(
      /client-added.*imported/,
    )
  })

  test('tells everything that is wrong, each with its place, and imports nothing', async () => {
    const before = await listedClients()
    const { code, stdout, stderr } = await imports(
      [
        { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'], scope: 'orders:read' },
        { client_id: `${id}-a`, client_secret: SECRET, redirect_uri: ['https://a.example/cb'] },
        {
          client_id: `${id}-b`,
          client_secret: SECRET,
          redirect_uris: ['http://a.example/cb'],
          scope: 'no:such',
        },
        { client_id: `${id}-c`, client_secret: SECRET, grant_types: ['client_credential', 'implicit'] },
        { client_secret: 7, client_name: 'No id', token_endpoint_auth_method: 'private_key_jwt' },
        'no client',
        { client_id: 'service', client_secret: SECRET, grant_types: ['client_credentials'] },
        { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'] },
        { client_id: `${id}-d`, client_secret: 'hunter2', grant_types: ['client_credentials'] },
        { client_id: `${id}-e`, grant_types: ['client_credentials'] },
        {
          client_id: `${id}-f`,
          client_secret_hash: 'x',
          client_secret: SECRET,
          redirect_uris: 'https://a.example',
        },
        {
          ...{ client_id: `${id}-g`, client_secret: SECRET, token_endpoint_auth_method: 'none' },
          redirect_uris: ['https://a.example/cb'],
        },
      ],
      ['--json'],
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const { ok, findings } = JSON.parse(stdout)
    expect(ok).toBe(false)
    const places = findings.map(
      ({ index, member, problem }: Record<string, string>) => `${index} ${member}: ${problem}`,
    )
    expect(places.map((place: string) => place.replace(/, (?:which|and) .*/, ''))).toEqual([
      '1 redirect_uri: is not a member that jotwarden knows',
      '2 redirect_uris: may not have the redirect URI http://a.example/cb',
      '2 scope: may not have the scope no:such',
      '3 grant_types[0]: is not supported',
      '3 grant_types[1]: is not supported',
      '4 client_id: is missing',
      '4 token_endpoint_auth_method: is not supported',
      '4 client_secret: is no text',
      '5 : is no object',
      '6 client_id: is taken',
      '7 client_id: stands there twice',
      '8 client_secret: is so weak that whoever reads the store can find it by guessing',
      '9 client_secret: has no secret',
      '10 client_secret_hash: is not a member that jotwarden knows',
      '10 redirect_uris: is no list of texts',
      '11 client_secret: has a secret',
    ])
    expect(findings[0].remedy).toBe('Did you mean redirect_uris?')
    expect(findings[3].remedy).toBe('Did you mean client_credentials?')
    expect(stdout).not.toContain(SECRET)
    expect(stdout).not.toContain('hunter2')
    expect(await listedClients()).toEqual(before)
  })

  test('knows no method and no member by a name that every object has', async () => {
    const good = { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'] }
    const { code, stdout } = await imports(
      [{ ...good, token_endpoint_auth_method: 'constructor', toString: 'x' }],
      ['--json'],
    )
    expect(code).toBe(1)
    expect(JSON.parse(stdout).findings).toEqual([
      expect.objectContaining({ member: 'toString', remedy: 'Take it out' }),
      expect.objectContaining({ member: 'token_endpoint_auth_method', problem: 'is not supported' }),
    ])
  })

  test('--dry-run says what would be imported, and changes nothing; words say the place of a finding', async () => {
    const before = await listedClients()
    const good = { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'] }
    const dry = await imports([good], ['--dry-run'])
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toBe(`Would import 1 client; nothing was changed\n  ${id}\n`)
    expect(await listedClients()).toEqual(before)
    const wrong = await imports([{ ...good, scoppe: '' }])
    expect(wrong.stdout).toBe(
      `Nothing was imported: 1 wrong\n  clients[0].scoppe (${id}) is not a member that jotwarden knows. Did you mean scope?\n`,
    )
  })

  test('--skip-existing leaves those that are there as they are, so that a second run changes nothing', async () => {
    const one = {
      client_id: id,
      client_secret: SECRET,
      grant_types: ['client_credentials'],
      scope: 'orders:read',
    }
    const clients = [one, { ...one, client_id: 'service' }]
    expect((await imports(clients)).code).toBe(1)
    const first = await imports(clients, ['--skip-existing', '--json'])
    expect(JSON.parse(first.stdout)).toMatchObject({ added: [id], skipped: ['service'] })
    expect(await statusOf('service', deployment.service.secret)).toBe(200)
    expect(await statusOf('service', SECRET)).toBe(401)
    const before = await listedClients()
    const second = await imports(clients, ['--skip-existing', '--json'])
    expect(JSON.parse(second.stdout)).toMatchObject({ added: [], skipped: [id, 'service'] })
    expect(await listedClients()).toEqual(before)
  })

  test('of two imports at once one adds its clients, and the other adds none of its own', async () => {
    const one = { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'] }
    const answers = await Promise.all(
      ['x', 'y'].map((own) => imports([{ ...one, client_id: `${id}-${own}` }, one], ['--json'])),
    )
    expect(answers.map(({ code }) => code).toSorted()).toEqual([0, 1])
    const ids = (await listedClients()).map((client) => client.client_id)
    expect(ids.filter((known) => String(known).startsWith(`${id}-`))).toHaveLength(1)
  })

  test('--allow-weak-secrets takes a weak one and marks it, and doctor warns until it is replaced', async () => {
    const weak = { client_id: id, client_secret: 'correct horse', grant_types: ['client_credentials'] }
    expect((await imports([weak])).code).toBe(1)
    const { code, stdout } = await imports([weak], ['--allow-weak-secrets'])
    expect(code).toBe(0)
    expect(stdout).toContain(`clients secrets rotate\`: ${id}`)
    expect(await statusOf(id, 'correct horse')).not.toBe(401)
    const warned = async () => (await jotwarden(['doctor'], deployment)).stdout
    expect(await warned()).toMatch(new RegExp(`^warning {2}client ${id} has the secret .* is weak`, 'm'))
    expect((await jotwarden(['clients', 'secrets', 'rotate', id], deployment)).code).toBe(0)
    expect(await warned()).not.toContain(`client ${id} has`)
  })

  test('reads standard input, warns of a file that others may read, and refuses what is no such JSON with 1', async () => {
    const client = { client_id: id, client_secret: SECRET, grant_types: ['client_credentials'] }
    const piped = await run(['-', '--json'], JSON.stringify({ clients: [client] }))
    expect(piped).toMatchObject({ code: 0, stderr: '' })
    const file = join(deployment.folder, 'wide.json')
    writeFileSync(file, JSON.stringify({ clients: [] }))
    chmodSync(file, 0o644)
    const wide = await run(['wide.json'])
    expect(wide.code).toBe(0)
    expect(wide.stderr).toMatch(/^warning: .*wide\.json can be read by others/)
    for (const text of [
      '',
      '[]',
      '{"clients":[',
      '{"clients":[],"clients":[]}',
      '{"clients":[{"client_secret":"jwc_x"',
    ]) {
      const { code, stdout, stderr } = await run(['-', '--json'], text)
      expect([code, stdout]).toEqual([1, ''])
      expect(JSON.parse(stderr).error.message).toMatch(/^Cannot read the file to import: /)
      expect(stderr).not.toContain('jwc_x')
    }
    for (const text of ['{}', '{"client":[]}'])
      expect((await run(['-'], text)).stdout).toContain('{"clients": [ … ]}')
    expect((await run(['missing.json'])).code).toBe(1)
    expect((await run([])).code).toBe(2)
  })
})

async function imports(clients: readonly unknown[], words: readonly string[] = []): Promise<Ended> {
  const name = `${crypto.randomUUID()}.json`
  writeFileSync(join(deployment.folder, name), JSON.stringify({ clients }), { mode: 0o600 })
  return run([name, ...words])
}

async function run(words: readonly string[], stdin = ''): Promise<Ended> {
  return jotwarden(['clients', 'import', ...words], { folder: deployment.folder, stdin })
}

async function listedClients(): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await jotwarden(['clients', 'list', '--json'], deployment)
  const clients: readonly (Record<string, unknown> & { readonly secrets: readonly object[] })[] =
    JSON.parse(stdout)
  // When a secret was used may be noted at any time
  return clients.map((client) => ({
    ...client,
    secrets: client.secrets.map((secret) => ({ ...secret, used_at: null })),
  }))
}

async function statusOf(client: string, secret: string): Promise<number> {
  const answer = await fetch(`${deployment.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  await answer.text()
  return answer.status
}
