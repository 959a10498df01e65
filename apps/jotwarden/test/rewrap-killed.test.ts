import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKeyring, type KeyRecords } from '@jotwarden/keyring'
import { openKekFile } from '@jotwarden/keystore-file'
import { type Configuration, loadConfiguration } from 'jotwarden'
import { beforeEach, describe, expect, test } from 'vitest'
import { openKeyStore } from '../src/config/kek.ts'
import { kekIdOf } from '../src/state/kek-id.ts'
import { openAuthority } from '../src/state/open-authority.ts'
import { openStores } from '../src/state/open-stores.ts'
import { type RewrapStep, rewrapUnderNewKek } from '../src/state/rewrap.ts'
import { systemClock } from '../src/state/system.ts'
import { bin, jotwarden, temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'http://127.0.0.1:8420'
let folder = ''
let configuration: Configuration

beforeEach(async () => {
  folder = temporaryFolder()
  writeFileSync(
    join(folder, 'jotwarden.toml'),
    `issuer = "${ISSUER}"\n[keys]\nowner = "ann"\nrotation_period = "30d"\nkek_file = "jotwarden.kek"\n`,
  )
  openKekFile(join(folder, 'jotwarden.kek'), { create: true, requireMode: true })
  const loaded = loadConfiguration({ folder, file: undefined, environment: {} })
  if (loaded.configuration === undefined) throw new Error('Cannot test: the configuration is refused')
  configuration = loaded.configuration
  await everyKeyOpens()
})

describe('keys rewrap ended', () => {
  for (const step of ['begun', 'rewrapped', 'dropped'] as const) {
    test(`after "${step}" leaves a store that opens, and is finished by the next run`, async () => {
      const [old] = keksInFile()
      await expect(rewrap((told) => endAt(step, told.step))).rejects.toThrow(`ended at ${step}`)
      expect(keksInFile()).toHaveLength(step === 'dropped' ? 1 : 2)
      await everyKeyOpens()
      const made = keksInFile()[0]
      const told = (await jotwarden(['doctor', '--json'], { folder })).stdout
      if (step === 'begun') expect(told).toContain('6 keys are still under it: that was left halfway')
      if (step === 'rewrapped') expect(told).toContain('under which there is nothing')
      if (step === 'dropped') expect(told).not.toContain('keys.kek_file')
      const { kek, isResumed, rewrapped } = await rewrap(() => undefined)
      expect(isResumed).toBe(step !== 'dropped')
      expect(rewrapped).toBe(step === 'rewrapped' ? 0 : 6)
      if (isResumed) expect(kek).toBe(made)
      expect(keksInFile()).toEqual([kek])
      expect(keksInFile()).not.toContain(old)
      expect(await keksInStore()).toEqual([kek])
      await everyKeyOpens()
    })
  }

  test('by SIGKILL as soon as it says something is finished by the next run', async () => {
    for (let round = 0; round < 3; round += 1) {
      await killedAtItsFirstWord(['keys', 'rewrap'])
      await everyKeyOpens()
    }
    const { code, stdout } = await jotwarden(['keys', 'rewrap', '--json'], { folder })
    expect(code).toBe(0)
    expect(keksInFile()).toEqual([JSON.parse(stdout).kek])
    expect(await keksInStore()).toEqual(keksInFile())
    await everyKeyOpens()
  })
})

describe('a server that wrapped a new key under the old key-encryption key and was held up', () => {
  for (const ended of [undefined, 'begun', 'rewrapped'] as const) {
    test(`does not add it once the old one is gone (runs ended before: ${ended ?? 'none'})`, async () => {
      const stores = await openStores(configuration.store.path)
      await compromiseSpare(stores.keys)
      const { records, held, release } = heldBeforeAdding(stores.keys)
      const node = createKeyring({
        issuer: ISSUER,
        records,
        store: openKeyStore(configuration, {}),
        clock: systemClock,
        schedule: { plan: PLAN, latestEnd: async () => 0 },
      })
      const tended = node.tend()
      await held
      if (ended !== undefined) await expect(rewrap((told) => endAt(ended, told.step))).rejects.toThrow()
      await rewrap(() => undefined)
      release()
      expect(await tended).toMatchObject([{ act: 'make', purpose: 'token-signing' }])
      await stores.close()
      expect(await keksInStore()).toEqual(keksInFile())
      await everyKeyOpens()
    })
  }
})

test('two that run at once: one is refused, and every key opens', async () => {
  const runs = await Promise.all([1, 2].map(() => jotwarden(['keys', 'rewrap', '--json'], { folder })))
  for (const { code, stderr } of runs)
    if (code !== 0) expect(JSON.parse(stderr).error.code).toBe('keystore/kek-busy')
  expect(runs.some(({ code }) => code === 0)).toBe(true)
  expect(keksInFile()).toHaveLength(1)
  expect(await keksInStore()).toEqual(keksInFile())
  await everyKeyOpens()
})

test('a copy of the store from before opens with the key that was kept as a further line', async () => {
  const copy = join(temporaryFolder(), 'copy.db')
  expect((await jotwarden(['store', 'backup', copy], { folder })).code).toBe(0)
  const { kept } = JSON.parse((await jotwarden(['keys', 'rewrap', '--json'], { folder })).stdout)
  expect((await jotwarden(['store', 'restore', '--yes', copy], { folder })).code).toBe(0)
  const file = join(folder, 'jotwarden.kek')
  expect((await jotwarden(['clients', 'list'], { folder })).stderr).toContain(
    'in a further line of keys.kek_file',
  )
  writeFileSync(file, readFileSync(file, 'utf8') + readFileSync(kept[0], 'utf8'))
  await everyKeyOpens()
  expect((await jotwarden(['keys', 'rewrap'], { folder })).code).toBe(0)
  expect(await keksInStore()).toEqual(keksInFile())
})

test('keys rewrap from variables: the previous one opens until everything is under the new one', async () => {
  const [a, b] = ['A', 'B'].map((letter) => `${letter.repeat(42)}A`)
  writeFileSync(
    join(folder, 'jotwarden.toml'),
    `issuer = "${ISSUER}"\n[store]\npath = "data/env.db"\n[keys]\nowner = "ann"\nrotation_period = "30d"\n`,
  )
  const run = (words: readonly string[], environment: Readonly<Record<string, string>>) =>
    jotwarden(words, { folder, environment })
  expect((await run(['clients', 'list'], { JOTWARDEN_KEK: a ?? '' })).code).toBe(0)
  const alone = await run(['keys', 'rewrap'], { JOTWARDEN_KEK: a ?? '' })
  expect(alone.code).toBe(1)
  expect(alone.stderr).toContain('keys.previous_kek_env')

  const both = { JOTWARDEN_KEK: b ?? '', OLD_KEK: a ?? '', JOTWARDEN_KEYS_PREVIOUS_KEK_ENV: 'OLD_KEK' }
  const half = await run(['doctor', '--json'], both)
  expect(half.stdout).toContain('6 keys are still under it')
  expect((await run(['clients', 'list'], both)).code).toBe(0)
  const { code, stdout } = await run(['keys', 'rewrap'], both)
  expect(code).toBe(0)
  expect(stdout).toContain('Wrapped 6 private keys')
  expect(stdout).toContain('Take OLD_KEK and keys.previous_kek_env away')
  expect((await run(['doctor', '--json'], both)).stdout).toContain('under which there is nothing')
  expect((await run(['clients', 'list'], { JOTWARDEN_KEK: b ?? '' })).code).toBe(0)
  expect((await run(['clients', 'list'], { JOTWARDEN_KEK: a ?? '' })).code).toBe(1)
  const unset = await run(['config', 'check'], { ...both, OLD_KEK: '' })
  expect(unset.code).toBe(1)
  expect(unset.stdout + unset.stderr).toContain('names OLD_KEK, which is not set')
})

async function rewrap(onStep: (step: RewrapStep) => void) {
  const stores = await openStores(configuration.store.path)
  try {
    const now = () => Math.floor(systemClock.now())
    const request = { records: stores.keys, issuers: [ISSUER], now, onStep }
    return await rewrapUnderNewKek(join(folder, 'jotwarden.kek'), true, request)
  } finally {
    await stores.close()
  }
}

function endAt(step: RewrapStep['step'], told: RewrapStep['step']): void {
  if (step === told) throw new Error(`ended at ${step}`)
}

async function everyKeyOpens(): Promise<void> {
  const opened = await openAuthority(configuration, {})
  const { problems } = opened.authority.keyring
  await opened.close()
  expect(problems).toEqual([])
}

async function compromiseSpare(records: KeyRecords): Promise<void> {
  const spare = (await records.list(ISSUER)).find(
    ({ purpose, state }) => purpose === 'token-signing' && state === 'pending',
  )
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  await records.transition(
    ISSUER,
    [{ kid: spare.kid, version: spare.version, to: 'compromised', at: 1_800_000_000 }],
    [],
  )
}

/** Records whose first caller of `add` is held up until it is released. */
function heldBeforeAdding(real: KeyRecords) {
  const { promise: held, resolve: reached } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const records: KeyRecords = {
    list: (issuer) => real.list(issuer),
    transition: (...given) => real.transition(...given),
    reserve: (...given) => real.reserve(...given),
    async add(...given) {
      reached()
      await released
      return real.add(...given)
    },
  }
  return { records, held, release }
}

async function killedAtItsFirstWord(words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=jotwarden-source', bin, ...words], { cwd: folder })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  child.stdout.once('data', () => child.kill('SIGKILL'))
  child.on('close', () => resolve())
  await ended
}

async function keksInStore(): Promise<readonly (string | null)[]> {
  const stores = await openStores(configuration.store.path)
  const records = await stores.keys.list(ISSUER)
  await stores.close()
  return [...new Set(records.filter(({ wrapped }) => wrapped !== null).map(kekIdOf))]
}

function keksInFile(): readonly string[] {
  return openKekFile(join(folder, 'jotwarden.kek'), { create: false, requireMode: true }).map(({ id }) => id)
}

const SETTLED = { rotationPeriod: 999_999_999, longestLife: 600 }
const PLAN = {
  ...{ jwksMaxAge: 300, propagation: 60, skew: 60, lease: 15 },
  purposes: { 'token-signing': SETTLED, 'refresh-mac': SETTLED, sealing: SETTLED },
}
