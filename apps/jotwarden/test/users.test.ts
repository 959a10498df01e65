import { beforeAll, describe, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden, type RunOptions } from './jotwarden-process.ts'

let folder: string

beforeAll(async () => {
  folder = await initialisedFolder()
})

const PASSWORD = 'canary-password-one'
const NEXT_PASSWORD = 'canary-password-two'

describe('jotwarden users', () => {
  test('add, list, password, disable, enable, remove; each with its exit code and --json', async () => {
    const add = await run(
      ['users', 'add', 'ann', '--name', 'Ann', '--email', 'ann@example.com', '--password-stdin', '--json'],
      {
        stdin: `${PASSWORD}\n`,
      },
    )
    expect(add.code).toBe(0)
    expect(JSON.parse(add.stdout)).toEqual({ subject: expect.stringMatching(/^usr_/), username: 'ann' })
    expect(await users()).toEqual([
      {
        subject: expect.any(String),
        username: 'ann',
        name: 'Ann',
        email: 'ann@example.com',
        disabled: false,
      },
    ])

    expect((await run(['users', 'disable', 'ann', '--json'])).code).toBe(0)
    expect(await users()).toMatchObject([{ disabled: true }])
    expect((await run(['users', 'enable', 'ann'])).code).toBe(0)
    expect(await users()).toMatchObject([{ disabled: false }])
    const changed = await run(['users', 'password', 'ann', '--password-stdin'], { stdin: NEXT_PASSWORD })
    expect(changed.code).toBe(0)
    expect((await run(['users', 'list'])).stdout).toMatch(/^USERNAME +NAME/m)

    expect((await run(['users', 'remove', 'ann'])).code).toBe(2)
    expect((await run(['users', 'remove', 'ann', '--yes', '--json'])).code).toBe(0)
    expect(await users()).toEqual([])
  })

  test('disable and remove say for how long access tokens still live, as configured', async () => {
    await run(['users', 'add', 'cyd', '--password-stdin'], { stdin: PASSWORD })
    const disabled = await run(['users', 'disable', 'cyd'])
    expect(disabled.stdout).toContain('its access tokens expire within 10 minutes')
    const environment = { JOTWARDEN_TOKENS_ACCESS_TOKEN_LIFETIME: '90' }
    const removed = await run(['users', 'remove', 'cyd', '--yes'], { environment })
    expect(removed.stdout).toMatch(/^Removed cyd; .* expire within 90 s$/m)
  })

  test('add refuses a name that is taken, and every act an unknown one, with 1', async () => {
    const add = ['users', 'add', 'bob', '--password-stdin']
    expect((await run(add, { stdin: PASSWORD })).code).toBe(0)
    const twice = await run([...add, '--json'], { stdin: PASSWORD })
    expect(twice.code).toBe(1)
    expect(JSON.parse(twice.stderr)).toMatchObject({ error: { code: 'authority/account-exists' } })
    for (const act of ['disable', 'enable', 'remove']) {
      expect((await run(['users', act, 'nobody', ...(act === 'remove' ? ['--yes'] : [])])).code).toBe(1)
    }
  })

  for (const act of ['add', 'password']) {
    for (const flag of [['--password', PASSWORD], [`--password=${PASSWORD}`]]) {
      test(`${act} refuses ${flag[0]?.split('=')[0]} (${flag.length}) with 2 and a reason, and does not repeat it`, async () => {
        const { code, stdout, stderr } = await run(['users', act, 'eve', ...flag])
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('--password-stdin')
        expect(stderr).toContain('other users see arguments')
        expect(stderr).not.toContain(PASSWORD)
      })
    }
  }

  test('does not repeat the value of an option that is mistyped', async () => {
    for (const word of [`--passwort=${PASSWORD}`, `-p${PASSWORD}`, `--secret=${PASSWORD}`]) {
      const { code, stdout, stderr } = await run(['users', 'add', 'eve', word])
      expect(code).toBe(2)
      expect(stdout + stderr).not.toContain(PASSWORD)
    }
  })

  const badInput = [
    ['nothing', ''],
    ['two lines', 'one-long-password\ntwo-long-password\n'],
    ['too short a password', 'short'],
    ['too long a password', 'x'.repeat(5000)],
  ] as const
  for (const [name, stdin] of badInput) {
    test(`add refuses ${name} on standard input with 1`, async () => {
      expect((await run(['users', 'add', 'eve', '--password-stdin'], { stdin })).code).toBe(1)
    })
  }

  test('add without a terminal and without --password-stdin ends with 2', async () => {
    const { code, stderr } = await run(['users', 'add', 'eve'])
    expect(code).toBe(2)
    expect(stderr).toContain('--password-stdin')
  })

  async function users(): Promise<unknown> {
    return JSON.parse((await run(['users', 'list', '--json'])).stdout)
  }
})

test('a command with a wrong configuration ends with 1 and names every finding', async () => {
  const environment = { JOTWARDEN_SERVER_LISTEN: 'nowhere', JOTWARDEN_LOG_LEVEL: 'loud' }
  const { code, stderr } = await run(['users', 'list'], { environment })
  expect(code).toBe(1)
  expect(stderr).toContain('server.listen')
  expect(stderr).toContain('log.level')
})

function run(words: readonly string[], options: Omit<RunOptions, 'folder'> = {}): Promise<Ended> {
  return jotwarden(words, { folder, ...options })
}
