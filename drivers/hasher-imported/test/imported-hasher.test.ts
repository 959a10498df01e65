import { inspect } from 'node:util'
import type { PasswordHasher } from '@jotwarden/authority'
import { createImportedHasher } from '@jotwarden/hasher-imported'
import { Secret } from '@jotwarden/token'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { argon2Stand, household, ISSUER, queueLimit, secret } from './household.ts'
import { PASSWORD, published, vectors } from './vectors.ts'

let hasher: PasswordHasher
beforeAll(() => {
  hasher = createImportedHasher({ own: argon2Stand(64), costliest: async () => undefined })
})
afterAll(() => hasher.close())

describe('verify()', () => {
  const all = [
    ...Object.entries(vectors).map(([name, hash]) => [name, PASSWORD, hash] as const),
    ...published,
  ]
  for (const [name, password, hash] of all)
    test(`takes ${name}, asks for it to be made anew, and takes no other password`, async () => {
      expect(await hasher.verify(secret(password), hash)).toBe('match-rehash')
      for (const other of [`${password}x`, ` ${password}`, `${password.slice(1)}!`])
        expect(await hasher.verify(secret(other), hash)).toBe('mismatch')
    })

  test('compares the bytes as given, which the other system hashed without NFKC', async () => {
    // `crypt` of Python 3.11, of UTF-8
    const composed = '$2b$06$abcdefghijklmnopqrstuufo4bs9cdlEmEkYOXb0TxWPCO.KjgoTu'
    expect(await hasher.verify(secret('p\u00e4ssword \u2713'), composed)).toBe('match-rehash')
    expect(await hasher.verify(secret('pa\u0308ssword \u2713'), composed)).toBe('mismatch')
  })

  test('lets bcrypt count 72 bytes and no more, as it did where the hash was made', async () => {
    const hash = '$2b$06$abcdefghijklmnopqrstuueHLWckpI7Ut91D6aWthlKy4VKsT9yUG'
    for (const length of [72, 73, 80])
      expect(await hasher.verify(secret('x'.repeat(length)), hash)).toBe('match-rehash')
    expect(await hasher.verify(secret('x'.repeat(71)), hash)).toBe('mismatch')
  })

  test('takes no password with a NUL for bcrypt, where implementations differ', async () => {
    for (const other of [`${PASSWORD}\0`, `${PASSWORD}\0more`])
      expect(await hasher.verify(secret(other), vectors['bcrypt $2a$'])).toBe('mismatch')
  })

  test('a password that could not be made anew is a mismatch', async () => {
    const hash = vectors['bcrypt $2b$']
    for (const unfit of [Secret.fromBytes(Uint8Array.of(0xff)), secret('x'.repeat(1025))])
      expect(await hasher.verify(unfit, hash)).toBe('mismatch')
  })

  test('leaves the event loop turning, and does not hold up a check of our own, while bcrypt works', async () => {
    const slow = '$2b$11$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'
    const done: string[] = []
    const own = await hasher.hash(secret(PASSWORD))
    await Promise.all([
      ...[1, 2].map(() => hasher.verify(secret('wrong'), slow).then(() => done.push('imported'))),
      hasher.verify(secret(PASSWORD), own).then((verdict) => done.push(verdict)),
      new Promise((resolve) => setTimeout(resolve, 1)).then(() => done.push('timer')),
    ])
    expect(done.slice(0, 2).toSorted()).toEqual(['match', 'timer'])
  })

  test('a queue that is full of imported hashes is busy for them alone', async () => {
    const crowded = createImportedHasher({
      own: argon2Stand(64),
      costliest: async () => undefined,
      queueLimit: 2,
    })
    const own = await crowded.hash(secret(PASSWORD))
    const checks = [1, 2, 3].map(() => crowded.verify(secret('wrong'), vectors['bcrypt $2b$']))
    const codes = await Promise.allSettled(checks)
    expect(codes.map((one) => (one.status === 'rejected' ? one.reason.code : one.value)).toSorted()).toEqual([
      'hasher/busy',
      'mismatch',
      'mismatch',
    ])
    expect(await crowded.verify(secret(PASSWORD), own)).toBe('match')
    await crowded.close()
  })

  test('rejects what is waiting when it is closed', async () => {
    const closing = createImportedHasher({ own: argon2Stand(64), costliest: async () => undefined })
    const check = closing.verify(secret('x'), vectors['bcrypt $2b$'])
    const outcome = check.then(
      () => 'answered',
      (error) => error.code,
    )
    await new Promise((resolve) => setTimeout(resolve, 1))
    await closing.close()
    expect(['hasher/closed', 'answered']).toContain(await outcome)
    await expect(closing.verify(secret('x'), vectors['bcrypt $2b$'])).rejects.toMatchObject({
      code: 'hasher/closed',
    })
  })
})

describe('the first sign-in', () => {
  test('makes the hash anew from the whole password, and the second one uses ours', async () => {
    const { store, stores, close } = await household(
      ['$2b$06$abcdefghijklmnopqrstuueHLWckpI7Ut91D6aWthlKy4VKsT9yUG'],
      64,
    )
    const [whole, cut] = [secret('x'.repeat(80)), secret('x'.repeat(72))]
    expect((await store.verifyPassword('enabled-0', whole)).verdict).toBe('accepted')
    const kept = await stores.accounts.findByUsername(ISSUER, 'enabled-0')
    expect(kept?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=64,/)
    expect(kept).not.toHaveProperty('importedWork')
    expect((await store.verifyPassword('enabled-0', whole)).verdict).toBe('accepted')
    expect((await store.verifyPassword('enabled-0', cut)).verdict).toBe('refused')
    await close()
  })

  test('twice at once: both are let in, and one hash of ours stays', async () => {
    const { store, stores, close } = await household([vectors['scrypt PHC']], 64)
    const both = await Promise.all([1, 2].map(() => store.verifyPassword('enabled-0', secret(PASSWORD))))
    expect(both.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted'])
    const kept = await stores.accounts.findByUsername(ISSUER, 'enabled-0')
    expect(kept?.passwordHash).toMatch(/^\$argon2id\$/)
    expect((await store.verifyPassword('enabled-0', secret(PASSWORD))).verdict).toBe('accepted')
    await close()
  })

  test('while the password is changed: the change stays', async () => {
    const { store, close } = await household([vectors['bcrypt $2y$']], 64)
    const next = secret('a brand new phrase of mine')
    await Promise.all([
      store.verifyPassword('enabled-0', secret(PASSWORD)),
      store.changePassword('enabled-0', next),
    ])
    expect((await store.verifyPassword('enabled-0', next)).verdict).toBe('accepted')
    expect((await store.verifyPassword('enabled-0', secret(PASSWORD))).verdict).toBe('refused')
    await close()
  })
})

describe('the time of a refusal', () => {
  /** The shortest of some is the work itself; in turn, so that what else the machine does meets all of them. */
  async function shortest(checks: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
    const least = checks.map(() => Number.POSITIVE_INFINITY)
    for (let round = 0; round < 4; round += 1) {
      for (const [place, check] of checks.entries()) {
        const began = performance.now()
        await check()
        least[place] = Math.min(least[place] ?? 0, performance.now() - began)
      }
    }
    return least
  }

  test('is that of the slowest imported hash for everybody, as long as one is kept', async () => {
    // Ours takes a tenth of a millisecond here, bcrypt of cost 10 some 70, and of cost 6 some 5
    const slow = '$2b$10$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'
    const quick = vectors['bcrypt $2b$']
    const { store, close } = await household([slow, quick], 64)
    const wrong = (username: string) => () => store.verifyPassword(username, secret('wrong'))
    await store.add({ username: 'ours', password: secret('a phrase that is ours') })
    await wrong('nobody')()
    const people = ['enabled-0', 'enabled-1', 'disabled-0', 'ours', 'nobody']
    const times = await shortest(people.map(wrong))
    expect(Math.max(...times) / Math.min(...times)).toBeLessThan(2)

    await store.changePassword('enabled-0', secret('a brand new phrase of mine'))
    await store.remove('disabled-0')
    expect(Math.max(...(await shortest([wrong('nobody')])))).toBeLessThan(Math.min(...times) / 2)
    await close()
  })

  test('may be left to whoever asks, who then has the answer before it may be told', async () => {
    const slow = '$2b$10$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'
    const { store, hasher, close } = await household([slow], 64)
    const done: string[] = []
    const held: Promise<unknown>[] = []
    const hold = (until: Promise<void>) => held.push(until.then(() => done.push('held')))
    await store.verifyPassword('nobody', secret('wrong'), hold)
    await hasher.verify(secret('wrong'), await hasher.hash(secret(PASSWORD)), hold)
    done.push('answered')
    await Promise.all(held)
    expect(done).toEqual(['answered', 'held', 'held'])
    await close()
  })

  test('does not change with the checks of others, which the next refusal would tell', async () => {
    const slow = '$2b$10$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'
    const { store, close } = await household([slow], 64)
    const wrong = (username: string) => () => store.verifyPassword(username, secret('wrong'))
    await wrong('nobody')()
    const [before = 0] = await shortest([wrong('nobody')])
    for (let times = 0; times < 5; times += 1) await wrong('enabled-0')()
    const [after = 0] = await shortest([wrong('nobody')])
    // On a timer: a tenth of the wait would show
    expect(Math.abs(after - before) / before).toBeLessThan(0.08)
    await close()
  })

  test('of a quick imported hash is not below that of ours', async () => {
    const quick = '$pbkdf2-sha256$i=1,l=32$AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0'
    const { store, close } = await household([quick], 16384)
    const wrong = (username: string) => () => store.verifyPassword(username, secret('wrong'))
    await wrong('nobody')()
    const [imported = 0, nobody = 0] = await shortest([wrong('enabled-0'), wrong('nobody')])
    expect(imported / nobody).toBeGreaterThan(0.5)
    expect(imported / nobody).toBeLessThan(2)
    await close()
  })
})

test('an error holds neither hash nor password', async () => {
  const error = await hasher
    .verify(secret(PASSWORD), '$2b$31$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.')
    .catch((e) => e)
  expect(error.code).toBe('hasher/excessive-cost')
  expect(inspect(error)).not.toContain('abcdefghijklm')
  expect(inspect(error)).not.toContain(PASSWORD)
})

test('createImportedHasher() refuses a queue without bound', () => {
  for (const limit of [0, -1, 1.5, Number.POSITIVE_INFINITY])
    expect(() =>
      createImportedHasher({ own: argon2Stand(64), costliest: async () => undefined, queueLimit: limit }),
    ).toThrow(expect.objectContaining({ code: 'hasher/queue-limit' }))
  expect(queueLimit).toBeGreaterThan(0)
})
