import { inspect } from 'node:util'
import type { PasswordHasher } from '@jotwarden/authority'
import { type Argon2Cost, createArgon2Hasher, HasherError } from '@jotwarden/hasher-argon2'
import { Secret } from '@jotwarden/token'
import { afterEach, describe, expect, test } from 'vitest'

describe('hash()', () => {
  test('writes a PHC string with today’s parameters, 16 bytes of salt and 32 of hash', async () => {
    const phc = await open().hash(password)
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  })

  test('salts: the same password twice gives two hashes, and both match', async () => {
    const hasher = open(cheap)
    const [first, second] = await Promise.all([hasher.hash(password), hasher.hash(password)])
    expect(first).not.toBe(second)
    expect(await hasher.verify(password, first)).toBe('match')
    expect(await hasher.verify(password, second)).toBe('match')
  })

  test('refuses more than 1024 bytes, and bytes that are not UTF-8', async () => {
    const hasher = open(cheap)
    await expect(hasher.hash(Secret.fromText('x'.repeat(1025)))).rejects.toMatchObject({
      code: 'hasher/password',
    })
    await expect(hasher.hash(Secret.fromBytes(Uint8Array.of(0xff, 0xfe)))).rejects.toMatchObject({
      code: 'hasher/password',
    })
    expect(await hasher.hash(Secret.fromText('x'.repeat(1024)))).toContain('$argon2id$')
  })

  test('leaves the caller’s secret as it was', async () => {
    const secret = Secret.fromText('correct horse')
    await open(cheap).hash(secret)
    expect(secret.revealText()).toBe('correct horse')
  })
})

describe('underWay', () => {
  test('counts what runs and what waits', async () => {
    const hasher = createArgon2Hasher({ parameters: cheap, danger: { allowWeakParameters: true } })
    const counted: number[] = [hasher.underWay]
    const hashes = [1, 2, 3].map(() => hasher.hash(password))
    counted.push(hasher.underWay)
    await Promise.all(hashes)
    counted.push(hasher.underWay)
    await hasher.close()
    expect(counted).toEqual([0, 3, 0])
  })
})

describe('verify()', () => {
  test('tells a match from a mismatch', async () => {
    const hasher = open(cheap)
    const phc = await hasher.hash(password)
    expect(await hasher.verify(password, phc)).toBe('match')
    for (const wrong of ['', 'correct horse ', 'Correct horse', 'correct hors', 'correct horse\0']) {
      expect(await hasher.verify(Secret.fromText(wrong), phc)).toBe('mismatch')
    }
  })

  test('takes one spelling for another: NFKC (SP 800-63B)', async () => {
    const hasher = open(cheap)
    const phc = await hasher.hash(Secret.fromText('\u{fb01}ne caf\u00e9 \u2460'))
    expect(await hasher.verify(Secret.fromText('fine cafe\u0301 1'), phc)).toBe('match')
    expect(await hasher.verify(Secret.fromText('fine cafe 1'), phc)).toBe('mismatch')
  })

  test('calls a password that cannot have been hashed a mismatch', async () => {
    const hasher = open(cheap)
    const phc = await hasher.hash(Secret.fromText('x'.repeat(1024)))
    expect(await hasher.verify(Secret.fromText('x'.repeat(1025)), phc)).toBe('mismatch')
    expect(await hasher.verify(Secret.fromBytes(Uint8Array.of(0xff)), phc)).toBe('mismatch')
  })

  test('asks for a rehash when memory, passes, salt or hash are below today’s, and only then', async () => {
    const today = open({ m: 512, t: 3, p: 1 })
    for (const [older, verdict] of [
      [{ m: 511, t: 3, p: 1 }, 'match-rehash'],
      [{ m: 512, t: 2, p: 1 }, 'match-rehash'],
      [{ m: 512, t: 3, p: 1 }, 'match'],
      [{ m: 600, t: 4, p: 1 }, 'match'],
      [{ m: 512, t: 3, p: 2 }, 'match'],
    ] as const) {
      expect(await today.verify(password, await open(older).hash(password))).toBe(verdict)
    }
    // A reference vector: 8 bytes of salt.
    const shortSalt = '$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw'
    expect(await today.verify(Secret.fromText('password'), shortSalt)).toBe('match-rehash')
  })

  test('gives a wrong password no rehash', async () => {
    const old = await open({ m: 64, t: 1, p: 1 }).hash(password)
    expect(await open(cheap).verify(Secret.fromText('wrong'), old)).toBe('mismatch')
  })

  const salt = 'c29tZXNhbHRzb21lc2FsdA'
  const hash = 'n965EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  const good = `$argon2id$v=19$m=256,t=2,p=1$${salt}$${hash}`
  const malformed = [
    ['an empty string', ''],
    ['bcrypt', '$2b$12$abcdefghijklmnopqrstuuW9Z3X1uYVn1yZ6m4Yb0oY5qk1m1m1m1'],
    ['argon2i', good.replace('argon2id', 'argon2i')],
    ['argon2d', good.replace('argon2id', 'argon2d')],
    ['another version', good.replace('v=19', 'v=16')],
    ['no version', good.replace('$v=19', '')],
    ['a parameter of zero', good.replace('t=2', 't=0')],
    ['a leading zero', good.replace('t=2', 't=02')],
    ['a negative parameter', good.replace('t=2', 't=-2')],
    ['an exponent', good.replace('m=256', 'm=1e6')],
    ['parameters in another order', good.replace('m=256,t=2', 't=2,m=256')],
    ['a parameter too many', good.replace('p=1', 'p=1,keyid=AA')],
    ['less memory than its lanes need', good.replace('m=256', 'm=7')],
    ['padding', `${good}=`],
    ['loose last bits', good.replace(/4$/, '5')],
    ['base64url', good.replace('/uIP', '_uIP')],
    ['no hash', good.replace(`$${hash}`, '')],
    ['a short hash', good.replace(hash, 'AAAAAAAAAAA')],
    ['a short salt', good.replace(salt, 'AAAA')],
    ['a long salt', good.replace(salt, 'A'.repeat(88))],
    ['a line end', `${good}\n`],
    ['a second hash', `${good}${good}`],
    ['too much of it', good.replace(hash, 'A'.repeat(4096))],
  ] as const
  for (const [name, phc] of malformed)
    test(`refuses ${name} without quoting it`, async () => {
      const error = await rejection(open(cheap).verify(password, phc))
      expect(error).toMatchObject({ code: 'hasher/malformed-hash' })
      if (phc !== '') expect(inspect(error)).not.toContain(phc)
    })

  test('the string that those were made from is well formed', async () => {
    expect(await open(cheap).verify(password, good)).toBe('mismatch')
  })

  for (const absurd of ['m=1048577,t=1,p=1', 'm=256,t=11,p=1', 'm=256,t=1,p=17', 'm=4294967295,t=1,p=1'])
    test(`refuses a stored cost of ${absurd}`, async () => {
      const phc = good.replace('m=256,t=2,p=1', absurd)
      await expect(open(cheap).verify(password, phc)).rejects.toMatchObject({ code: 'hasher/excessive-cost' })
    })
})

describe('createArgon2Hasher()', () => {
  test('refuses parameters below OWASP’s least, and takes each line of its list', () => {
    for (const parameters of [
      { m: 4096, t: 10, p: 1 },
      { m: 19456, t: 1, p: 1 },
      { m: 7168, t: 4, p: 1 },
      { m: 0, t: 0, p: 0 },
      { m: Number.NaN, t: 2, p: 1 },
      { m: 19456.5, t: 2, p: 1 },
    ]) {
      expect(() => createArgon2Hasher({ parameters })).toThrow(
        expect.objectContaining({ code: 'hasher/weak-cost' }),
      )
    }
    for (const parameters of [
      { m: 47104, t: 1, p: 1 },
      { m: 19456, t: 2, p: 1 },
      { m: 12288, t: 3, p: 1 },
      { m: 9216, t: 4, p: 1 },
      { m: 7168, t: 5, p: 1 },
    ]) {
      expect(() => createArgon2Hasher({ parameters })).not.toThrow()
    }
  })

  test('refuses absurd parameters and queue limits', () => {
    expect(() => createArgon2Hasher({ parameters: { m: 2 ** 21, t: 2, p: 1 } })).toThrow(
      expect.objectContaining({ code: 'hasher/excessive-cost' }),
    )
    for (const queueLimit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createArgon2Hasher({ queueLimit })).toThrow(
        expect.objectContaining({ code: 'hasher/queue-limit' }),
      )
    }
  })
})

const opened: PasswordHasher[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((hasher) => hasher.close()))
})

function open(parameters?: Argon2Cost): PasswordHasher {
  const hasher = createArgon2Hasher(
    parameters === undefined ? {} : { parameters, danger: { allowWeakParameters: true } },
  )
  opened.push(hasher)
  return hasher
}

async function rejection(promise: Promise<unknown>): Promise<HasherError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (error instanceof HasherError) return error
  throw new Error('Cannot test: it did not reject with a HasherError')
}

const password = Secret.fromText('correct horse')
const cheap: Argon2Cost = { m: 64, t: 1, p: 1 }
