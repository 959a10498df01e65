import { execFile } from 'node:child_process'
import { pbkdf2 } from 'node:crypto'
import { once } from 'node:events'
import { inspect, promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { PasswordHasher } from '@jotwarden/authority'
import { type Argon2HasherOptions, createArgon2Hasher, HasherError } from '@jotwarden/hasher-argon2'
import { Secret } from '@jotwarden/token'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

describe('while passwords are hashed', () => {
  test('the event loop goes on turning', async () => {
    const hasher = open()
    await hasher.hash(password) // the thread has started
    let ticks = 0
    let turning = true
    const turn = (): void => {
      ticks += 1
      if (turning) setImmediate(turn)
    }
    setImmediate(turn)
    await Promise.all([hasher.hash(password), hasher.hash(password), hasher.hash(password)])
    turning = false
    // Hashing on this thread would let the loop turn only between hashes.
    expect(ticks).toBeGreaterThan(30)
  })

  test('the shared thread pool is free: its work is done before the first of 5 hashes', async () => {
    const hasher = open({ parameters: { m: 65536, t: 3, p: 1 } })
    const done: string[] = []
    await hasher.hash(password)
    await Promise.all([
      ...Array.from({ length: 5 }, () => hasher.hash(password).then(() => done.push('hash'))),
      promisify(pbkdf2)('x', 'y', 1, 32, 'sha256').then(() => done.push('pool')),
    ])
    expect(done[0]).toBe('pool')
  })
})

describe('the queue', () => {
  test('takes as many as its limit and rejects the next at once', async () => {
    const hasher = open({ queueLimit: 3 })
    const outcomes: string[] = []
    const note = (promise: Promise<string>): Promise<unknown> =>
      promise.then(
        () => outcomes.push('hashed'),
        (error: unknown) => outcomes.push(error instanceof HasherError ? error.code : 'other'),
      )
    await Promise.all(Array.from({ length: 5 }, () => note(hasher.hash(password))))
    expect(outcomes).toEqual(['hasher/busy', 'hasher/busy', 'hashed', 'hashed', 'hashed'])
    expect(await hasher.hash(password)).toContain('$argon2id$')
  })

  test('answers each caller with its own hash', async () => {
    const hasher = open()
    const words = Array.from({ length: 12 }, (_, n) => Secret.fromText(`word ${n}`))
    const hashes = await Promise.all(words.map((word) => hasher.hash(word)))
    const verdicts = await Promise.all(words.map((word, n) => hasher.verify(word, hashes[n] ?? '')))
    expect(new Set(verdicts)).toEqual(new Set(['match']))
    expect(await hasher.verify(Secret.fromText('word 0'), hashes[1] ?? '')).toBe('mismatch')
  })
})

describe('when the thread is lost', () => {
  test('rejects what it was busy with, goes on with what waits, and works again', async () => {
    const hasher = open()
    const outcomes = Promise.allSettled([hasher.hash(password), hasher.hash(password), hasher.hash(password)])
    await loseThread()
    const [first, ...others] = await outcomes
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'hasher/crashed' } })
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(workers).toHaveLength(2)
    expect(await hasher.verify(password, await hasher.hash(password))).toBe('match')
  })

  test('starts another when it was lost idle', async () => {
    const hasher = open()
    await hasher.hash(password)
    await loseThread()
    expect(await hasher.hash(password)).toContain('$argon2id$')
    expect(workers).toHaveLength(2)
  })

  test('says nothing of the password', async () => {
    const hasher = open()
    const hashing = hasher.hash(Secret.fromText('hunter2-hunter2'))
    await loseThread()
    const error: unknown = await hashing.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(HasherError)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|104, ?117, ?110|68 75 6e/)
  })
})

describe('close()', () => {
  test('rejects what is under way and what comes after, and ends the thread', async () => {
    const hasher = open()
    const outcomes = Promise.allSettled([hasher.hash(password), hasher.hash(password)])
    await hasher.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'hasher/closed' } })
    }
    await expect(hasher.hash(password)).rejects.toMatchObject({ code: 'hasher/closed' })
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1])
  })

  test('may be called twice, and before any hash', async () => {
    const hasher = open()
    await hasher.close()
    await hasher.close()
    expect(workers).toHaveLength(0)
  })
})

describe('a process', () => {
  test('waits for a hash under way and then ends by itself, without close()', async () => {
    const script = `import { createArgon2Hasher } from '@jotwarden/hasher-argon2'
      import { Secret } from '@jotwarden/token'
      createArgon2Hasher().hash(Secret.fromText('x')).then((phc) => process.stdout.write(phc))`
    expect(await run(['--conditions=jotwarden-source'], script)).toContain('$argon2id$')
  })

  test('may have been started with flags and NODE_OPTIONS that a thread would not bear', async () => {
    const script = `import { createArgon2Hasher } from '@jotwarden/hasher-argon2'
      import { Secret } from '@jotwarden/token'
      const hasher = createArgon2Hasher()
      process.stdout.write(await hasher.hash(Secret.fromText('x')))
      await hasher.close()`
    const flags = ['--conditions=jotwarden-source', '--title=jotwarden', '--expose-gc']
    const preload =
      'data:text/javascript,import{isMainThread}from%22node:worker_threads%22;if(!isMainThread)process.exit(9)'
    expect(await run(flags, script, { NODE_OPTIONS: `--import=${preload}` })).toContain('$argon2id$')
  })
})

/** Node tells of a new thread one tick after it was made. */
async function loseThread(): Promise<void> {
  if (workers.length === 0) await once(process, 'worker')
  await workers[0]?.terminate()
}

async function run(flags: readonly string[], script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--input-type=module', '--eval', script],
    { cwd: import.meta.dirname, env: { ...process.env, ...env }, timeout: 20_000 },
  )
  return stdout
}

const workers: Worker[] = []
const opened: PasswordHasher[] = []
const onWorker = (worker: Worker): void => void workers.push(worker)
beforeEach(() => void process.on('worker', onWorker))
afterEach(async () => {
  process.off('worker', onWorker)
  await Promise.all(opened.splice(0).map((hasher) => hasher.close()))
  workers.length = 0
})

function open(options: Argon2HasherOptions = {}): PasswordHasher {
  const hasher = createArgon2Hasher(options)
  opened.push(hasher)
  return hasher
}

const password = Secret.fromText('correct horse')
