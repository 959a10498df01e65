import { copyFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, grantedTokens, kidOf, refreshStatus } from './granted-tokens.ts'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

interface ListedKey {
  readonly created_at: number
  readonly announced_at: number | null
  readonly retiring_at: number | null
  readonly removable_at: number | null
  readonly kid: string
  readonly purpose: string
  readonly state: string
}

const MEMBERS = [
  'kid',
  'purpose',
  'type',
  'alg',
  'state',
  'created_at',
  'announced_at',
  'activated_at',
  'retiring_at',
  'removable_at',
  'retired_at',
  'compromised_at',
  'kek',
]

describe('jotwarden keys list', () => {
  test('lists every key with its state and no private part, even when none can be opened', async () => {
    const folder = await initialisedFolder()
    expect((await run(folder, ['keys', 'list'])).stdout).toMatch(/^There are no keys yet/)
    await run(folder, ['clients', 'list'])
    copyFileSync(join(await initialisedFolder(), 'jotwarden.kek'), join(folder, 'jotwarden.kek'))
    expect((await run(folder, ['clients', 'list'])).code).toBe(1)

    const keys = await listed(folder)
    for (const key of keys) expect(Object.keys(key)).toEqual(MEMBERS)
    expect(keys.map(({ purpose, state }) => `${purpose} ${state}`).toSorted()).toEqual([
      'refresh-mac active',
      'refresh-mac pending',
      'sealing active',
      'sealing pending',
      'token-signing active',
      'token-signing pending',
    ])
    const text = await run(folder, ['keys', 'list'])
    expect(text.stdout).toMatch(/^KID +PURPOSE +ALG +STATE +CREATED +ACTIVATED +RETIRING +REMOVABLE +KEK$/m)
    expect(text.stdout).toMatch(
      / token-signing +ES256 +active +[0-9-]+ [0-9:]+Z +[0-9-]+ [0-9:]+Z +– +– +[\w-]{11}$/m,
    )
    expect(text.stdout).toMatch(/^Key plan, for which \S+ answers$/m)
    expect(text.stdout).toMatch(
      /^sealing +symmetric data-encryption key +7d +365d +[0-9-]+ [0-9:]+Z +retire +the active key has its age/m,
    )
    const everything = text.stdout + (await run(folder, ['keys', 'list', '--json'])).stdout
    const wrapped = await wrappedParts(folder)
    expect(wrapped).toHaveLength(6)
    for (const part of wrapped) expect(everything).not.toContain(part.slice(-20))
  })
})

describe('jotwarden keys rotate', () => {
  test('replaces nothing before the successor is known everywhere, and says when that is', async () => {
    const folder = await initialisedFolder()
    await run(folder, ['clients', 'list'])
    const before = await listed(folder)
    const early = await run(folder, ['keys', 'rotate'])
    expect(early.code).toBe(1)
    expect(early.stdout).toMatch(/^Not replaced yet: .* not everybody knows it before [0-9-]+ [0-9:]+Z$/m)
    const json = JSON.parse((await run(folder, ['keys', 'rotate', '--json'])).stdout)
    const spare = before.find(({ purpose, state }) => purpose === 'token-signing' && state === 'pending')
    expect(json).toMatchObject({ purpose: 'token-signing', outcome: 'too-early', next: spare?.kid })
    // lease, propagation, key set, skew
    expect(json.at).toBe(Number(spare?.announced_at) + 15 + 60 + 300 + 60)
    expect(await listed(folder)).toEqual(before)
  })

  test('replaces the key with --wait when it is time, and announces the next', async () => {
    const folder = await initialisedFolder()
    const soon = { JOTWARDEN_KEYS_PROPAGATION: '0', JOTWARDEN_KEYS_CLOCK_SKEW: '0' }
    const words = ['keys', 'rotate', '--purpose', 'sealing', '--json']
    await run(folder, ['clients', 'list'])
    const made = (await listed(folder)).filter(({ purpose }) => purpose === 'sealing')
    const rotated = await jotwarden([...words, '--wait'], { folder, environment: soon })
    const spare = made.find(({ state }) => state === 'pending')
    expect(JSON.parse(rotated.stdout)).toEqual({ purpose: 'sealing', outcome: 'rotated', kid: spare?.kid })
    const after = (await listed(folder)).filter(({ purpose }) => purpose === 'sealing')
    expect(after.map(({ state }) => state).toSorted()).toEqual(['active', 'pending', 'retiring'])
    const old = after.find(({ state }) => state === 'retiring')
    expect(Number(old?.removable_at)).toBe(Number(old?.retiring_at) + 15 + 86_400)
  })

  test('refuses an unknown purpose with 2', async () => {
    const folder = await initialisedFolder()
    expect((await run(folder, ['keys', 'rotate', '--purpose', 'hats'])).code).toBe(2)
  })
})

describe('jotwarden keys timeline', () => {
  test('draws a bar for each key with the steps that follow, and gives the same as JSON', async () => {
    const folder = await initialisedFolder()
    expect((await run(folder, ['keys', 'timeline'])).stdout).toMatch(/^There are no keys yet/)
    await run(folder, ['clients', 'list'])
    const { stdout } = await run(folder, ['keys', 'timeline'])
    expect(stdout.match(/^token-signing {2}[\w-]{8} {2}·+█+▒+$/gm)).toHaveLength(1)
    expect(stdout.match(/^(sealing|refresh-mac) +[\w-]{8} {2}█+▒+$/gm)).toHaveLength(2)
    expect(stdout).toMatch(/^[0-9-]+ [0-9:]+Z +activate +sealing +\S+ +the active key has its age/m)
    const json = JSON.parse((await run(folder, ['keys', 'timeline', '--json'])).stdout)
    expect(json.keys).toHaveLength(6)
    expect(json.plan.owner).toBe(userInfo().username)
    expect(json.plan.purposes[0]).toEqual({
      purpose: 'token-signing',
      type: 'private signature key',
      rotation_period: 2_592_000,
      cryptoperiod: 31_536_000,
      next: { at: expect.any(Number), act: 'retire', reason: 'age' },
    })
    const keys = await listed(folder)
    const sealing = keys.find(({ purpose, state }) => purpose === 'sealing' && state === 'active')
    expect(json.steps[0]).toEqual({
      at: Number(sealing?.created_at) + 7 * 86_400,
      act: 'retire',
      purpose: 'sealing',
      kid: sealing?.kid,
      reason: 'age',
    })
  })
})

describe('jotwarden keys compromise', () => {
  test('refuses an unknown key with 1, and asks before it withdraws', async () => {
    const folder = await initialisedFolder()
    await run(folder, ['clients', 'list'])
    const before = await listed(folder)
    const { code, stdout, stderr } = await run(folder, ['keys', 'compromise', 'nothing', '--yes', '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'keyring/unknown-key',
      remedy: expect.stringContaining('jotwarden keys list'),
    })
    const unasked = await run(folder, ['keys', 'compromise', '--', before[0]?.kid ?? ''])
    expect(unasked.code).toBe(2)
    expect(unasked.stderr).toContain('--yes')
    expect(await listed(folder)).toEqual(before)
  })

  for (const [purpose, said] of [
    ['refresh-mac', 'Refresh tokens by it are refused'],
    ['sealing', 'What it sealed is refused'],
  ] as const) {
    test(`of a ${purpose} key puts the spare in its place and says what is refused`, async () => {
      const folder = await initialisedFolder()
      await run(folder, ['clients', 'list'])
      const { active, pending } = await pair(folder, purpose)
      const { code, stdout } = await run(folder, ['keys', 'compromise', '--yes', '--', active])
      expect(code).toBe(0)
      expect(stdout).toContain(`Withdrew the key ${active}; ${pending} `)
      expect(stdout).toContain(said)
      const after = await pair(folder, purpose)
      expect(after.active).toBe(pending)
      expect([active, pending]).not.toContain(after.pending)
    })
  }

  test('of the signing key: the running server signs with the spare within a second and refuses what the key signed', async () => {
    const deployment = await deployed()
    const server = await deployment.start()
    try {
      const before = await grantedTokens(deployment, await signedInCookie(deployment))
      const kid = kidOf(before.access)
      const { pending } = await pair(deployment.folder, 'token-signing')
      expect(await publishedKids(deployment)).toEqual([kid, pending])
      expect(await accessStatus(deployment, before)).toBe(200)

      const words = ['keys', 'compromise', '--yes', '--', kid]
      const { code, stdout } = await run(deployment.folder, words)
      expect(code).toBe(0)
      expect(stdout).toContain(`Withdrew the key ${kid}; ${pending} signs now`)
      await expect.poll(() => publishedKids(deployment), WITHIN_A_SECOND).not.toContain(kid)
      expect((await publishedKids(deployment))[0]).toBe(pending)
      expect(await accessStatus(deployment, before)).toBe(401)
      expect(await refreshStatus(deployment, before)).toBe(200)
      const after = await grantedTokens(deployment, await signedInCookie(deployment))
      expect(kidOf(after.access)).toBe(pending)
      expect(await accessStatus(deployment, after)).toBe(200)

      const again = await run(deployment.folder, ['keys', 'compromise', '--yes', '--json', '--', kid])
      expect({ code: again.code, answer: JSON.parse(again.stdout) }).toEqual({
        code: 0,
        answer: { kid, purpose: 'token-signing', outcome: 'already', active: pending },
      })
      expect((await run(deployment.folder, words)).stdout).toContain('had been withdrawn before')
    } finally {
      await server.stop()
    }
  })
})

for (const act of ['list', 'compromise']) {
  test(`jotwarden keys ${act} --help shows examples`, async () => {
    const { code, stdout } = await run('.', ['keys', act, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Examples:\n  jotwarden keys ${act}`)
  })
}

async function listed(folder: string): Promise<readonly ListedKey[]> {
  return JSON.parse((await run(folder, ['keys', 'list', '--json'])).stdout)
}

async function pair(folder: string, purpose: string) {
  const of = (await listed(folder)).filter((key) => key.purpose === purpose)
  const kid = (state: string) => of.find((key) => key.state === state)?.kid ?? ''
  return { active: kid('active'), pending: kid('pending') }
}

async function publishedKids({ issuer }: Deployment): Promise<readonly string[]> {
  const { keys } = await (await fetch(`${issuer}/jwks.json`)).json()
  return keys.map((key: { readonly kid: string }) => key.kid)
}

async function wrappedParts(folder: string): Promise<readonly string[]> {
  const stores = await openSqliteStores({ path: join(folder, 'data/jotwarden.db') })
  try {
    return (await stores.keys.list('http://127.0.0.1:8420')).flatMap(({ wrapped }) => wrapped ?? [])
  } finally {
    await stores.close()
  }
}

function run(folder: string, words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder })
}

const WITHIN_A_SECOND = { timeout: 1000, interval: 20 }
