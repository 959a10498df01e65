import { beforeAll, describe, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden, type RunOptions } from './jotwarden-process.ts'

let folder: string

beforeAll(async () => {
  folder = await initialisedFolder()
})

const PASSWORD = 'canary-password-one'

describe('jotwarden clients', () => {
  test('add shows the secret of a confidential client once, and list never', async () => {
    const words = [
      'clients',
      'add',
      'Orders web',
      '--id',
      'web',
      '--type',
      'confidential',
      '--scope',
      'openid',
      'orders:read',
    ]
    const add = await run([...words, '--redirect-uri', 'https://orders.example.com/callback', '--json'])
    expect(add.code).toBe(0)
    const client = JSON.parse(add.stdout)
    expect(client).toMatchObject({
      client_id: 'web',
      client_secret: expect.stringMatching(/^jwc_[A-Za-z0-9_-]{43}$/),
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid orders:read',
    })
    for (const list of [await run(['clients', 'list']), await run(['clients', 'list', '--json'])]) {
      expect(list.code).toBe(0)
      expect(list.stdout).toContain('Orders web')
      expect(list.stdout).not.toContain(client.client_secret)
    }
  })

  test('add in words says that the secret is shown once', async () => {
    const { stdout } = await run([
      'clients',
      'add',
      'Night run',
      '--type',
      'confidential',
      '--scope',
      'orders:read',
    ])
    expect(stdout).toMatch(/client_secret +jwc_/)
    expect(stdout).toContain('shown this once')
  })

  test('add gives a public client no secret', async () => {
    const words = [
      'clients',
      'add',
      'Tool',
      '--native',
      '--redirect-uri',
      'http://127.0.0.1/callback',
      '--json',
    ]
    const { code, stdout } = await run(words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).not.toHaveProperty('client_secret')
  })

  test('add refuses --secret with 2 and does not repeat it', async () => {
    const { code, stdout, stderr } = await run(['clients', 'add', 'X', '--secret', PASSWORD])
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain(PASSWORD)
  })

  test('add refuses what the authority refuses, with 1 and its code', async () => {
    const { code, stderr } = await run([
      'clients',
      'add',
      'X',
      '--redirect-uri',
      'http://evil.example/cb',
      '--json',
    ])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'authority/client-invalid' } })
  })

  test('add of a public client without --redirect-uri says that it is missing', async () => {
    const { code, stderr } = await run(['clients', 'add', 'Web'])
    expect(code).toBe(2)
    expect(stderr).toContain('--redirect-uri is missing')
    expect(stderr).not.toContain('client_credentials')
  })

  test('add refuses an unknown scope with 1, and says where scopes are declared', async () => {
    const words = ['clients', 'add', 'X', '--redirect-uri', 'https://a.example/cb', '--json', '--scope']
    const { code, stderr } = await run([...words, 'openid', 'invoices:read'])
    expect(code).toBe(1)
    const { error } = JSON.parse(stderr)
    expect(error.code).toBe('authority/client-invalid')
    expect(error.message).toContain('the scope invoices:read')
    expect(error.remedy).toContain('[[resources]]')
  })

  test('add --resource makes a credential of an API: confidential, without grants, with a hint for its verifier', async () => {
    const words = ['clients', 'add', 'Orders API', '--resource', 'https://api.example.com']
    const json = await run([...words, '--id', 'api', '--json'])
    expect(json.code).toBe(0)
    expect(JSON.parse(json.stdout)).toEqual({
      client_id: 'api',
      client_secret: expect.stringMatching(/^jwc_[A-Za-z0-9_-]{43}$/),
      client_name: 'Orders API',
      type: 'confidential',
      application_type: 'web',
      redirect_uris: [],
      post_logout_redirect_uris: [],
      grant_types: [],
      scope: '',
      consent: 'ask',
      resource: 'https://api.example.com',
      secrets: [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}$/),
          origin: 'made',
          created_at: expect.any(Number),
          ends_at: null,
          used_at: null,
        },
      ],
    })
    const { stdout } = await run([...words, '--id', 'api-two'])
    expect(stdout).toMatch(/^ {2}grants +none$/m)
    expect(stdout).toContain("revocation: followRevocations({ clientId: 'api-two', clientSecret })")
    expect(stdout.match(/jwc_/g)).toHaveLength(1)
  })

  test('list shows the resource of a client', async () => {
    await run(['clients', 'add', 'Y', '--id', 'api-y', '--resource', 'https://api.example.com'])
    const { stdout } = await run(['clients', 'list'])
    expect(stdout).toMatch(/ RESOURCE$/m)
    expect(stdout).toMatch(/^api-y +Y +confidential .*https:\/\/api\.example\.com$/m)
    const listed = JSON.parse((await run(['clients', 'list', '--json'])).stdout)
    expect(listed).toContainEqual(
      expect.objectContaining({ client_id: 'api-y', resource: 'https://api.example.com' }),
    )
  })

  test('add --resource keeps the grants and the type that are given', async () => {
    const words = ['clients', 'add', 'Both', '--resource', 'https://api.example.com', '--json']
    const both = await run([...words, '--grant', 'client_credentials', '--type', 'confidential'])
    expect(JSON.parse(both.stdout)).toMatchObject({
      grant_types: ['client_credentials'],
      type: 'confidential',
    })
    const open = await run([...words, '--type', 'public'])
    expect({ code: open.code, stdout: open.stdout }).toEqual({ code: 2, stdout: '' })
    expect(open.stderr).toContain('cannot be public')
  })

  test('add refuses an unknown resource with 1, and says where resources are declared', async () => {
    const { code, stderr } = await run(['clients', 'add', 'X', '--resource', 'https://no.example', '--json'])
    expect(code).toBe(1)
    const { error } = JSON.parse(stderr)
    expect(error.code).toBe('authority/client-invalid')
    expect(error.message).toContain('https://no.example')
    expect(error.remedy).toContain('[[resources]]')
  })

  test('add --post-logout-redirect-uri registers where browsers go after signing out', async () => {
    const words = ['clients', 'add', 'Web', '--redirect-uri', 'https://a.example/cb', '--json']
    const option = '--post-logout-redirect-uri'
    const added = await run([...words, '--id', 'two', option, 'https://a.example/', 'https://a.example/bye'])
    const uris = ['https://a.example/', 'https://a.example/bye']
    expect(JSON.parse(added.stdout)).toMatchObject({ post_logout_redirect_uris: uris, resource: null })
    const listed = JSON.parse((await run(['clients', 'list', '--json'])).stdout)
    expect(listed).toContainEqual(
      expect.objectContaining({ client_id: 'two', post_logout_redirect_uris: uris }),
    )
    const wrong = await run([...words, option, 'http://a.example/'])
    expect(wrong.code).toBe(1)
    expect(JSON.parse(wrong.stderr).error.code).toBe('authority/client-invalid')
  })

  test('add and list show no character of a name that could change how the line looks', async () => {
    const words = ['clients', 'add', 'We\u202eb', '--redirect-uri', 'https://a.example/cb']
    const added = await run(words)
    expect(added.code).toBe(0)
    for (const { stdout } of [added, await run(['clients', 'list'])]) {
      expect(stdout).toContain('We\ufffdb')
      expect(stdout).not.toContain('\u202e')
    }
  })

  test('remove asks, removes, and refuses an unknown client', async () => {
    await run(['clients', 'add', 'Gone', '--id', 'gone', '--redirect-uri', 'https://a.example/cb'])
    expect((await run(['clients', 'remove', 'gone'])).code).toBe(2)
    expect((await run(['clients', 'remove', 'gone', '--yes'])).code).toBe(0)
    expect((await run(['clients', 'remove', 'gone', '--yes'])).code).toBe(1)
  })

  test('--dev without a development state refuses with 1 and says what to start', async () => {
    const { code, stderr } = await run(['clients', 'list', '--dev'])
    expect(code).toBe(1)
    expect(stderr).toContain('serve --dev')
  })
})

function run(words: readonly string[], options: Omit<RunOptions, 'folder'> = {}): Promise<Ended> {
  return jotwarden(words, { folder, ...options })
}
