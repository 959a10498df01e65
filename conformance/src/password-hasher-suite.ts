import { equal, match, notEqual, rejects } from 'node:assert/strict'
import type { PasswordHasher } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import { claimsOf } from './claim.ts'
import type { Runner } from './driver.ts'
import { race } from './race.ts'
import { same } from './same.ts'

/** The hasher under test; the suite closes what it opened. */
export interface PasswordHasherDriver {
  open(): Promise<PasswordHasher>
  /** One with parameters that `open` would call older. */
  openOlder(): Promise<PasswordHasher>
  /** How many requests the hasher that `open` gives takes at once; the suite sends some more. */
  readonly queueLimit: number
}

/** What `PasswordHasher` promises. */
export function passwordHasherSuite(driver: PasswordHasherDriver, runner: Runner): void {
  const claim = claimsOf<PasswordHasher>('PasswordHasher', driver, runner)

  claim('hash gives a PHC string with a fresh salt, and verify matches it', async (hasher) => {
    const [first, second] = [await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)]
    match(first, /^\$[a-z0-9-]{1,32}(\$v=\d+)?(\$[a-z0-9-]+=[^$,]+(,[a-z0-9-]+=[^$,]+)*)?\$[^$]+\$[^$]+$/)
    notEqual(first, second)
    for (const phc of [first, second]) equal(await hasher.verify(PASSWORD, phc), 'match')
  })

  claim('verify calls every other password a mismatch, and the empty one too', async (hasher) => {
    const phc = await hasher.hash(PASSWORD)
    for (const other of ['', 'correct horse batter', 'Correct horse battery', 'correct horse battery\0'])
      equal(await hasher.verify(Secret.fromText(other), phc), 'mismatch')
  })

  claim('verify answers a password that could not be hashed: a mismatch', async (hasher) => {
    const phc = await hasher.hash(PASSWORD)
    for (const other of [Secret.fromBytes(Uint8Array.of(0xff, 0xfe)), Secret.fromText('p'.repeat(100_000))])
      equal(await hasher.verify(other, phc), 'mismatch')
  })

  claim('hash takes 256 characters of any script, and every one of them counts', async (hasher) => {
    const phc = await hasher.hash(Secret.fromText('\u{1F511}'.repeat(256)))
    equal(await hasher.verify(Secret.fromText('\u{1F511}'.repeat(256)), phc), 'match')
    equal(await hasher.verify(Secret.fromText(`${'\u{1F511}'.repeat(255)}\u{1F512}`), phc), 'mismatch')
  })

  claim('verify asks for a rehash of an older hash, and only of the right password', async (hasher) => {
    const older = await driver.openOlder()
    try {
      const phc = await older.hash(PASSWORD)
      equal(await older.verify(PASSWORD, phc), 'match')
      equal(await hasher.verify(PASSWORD, phc), 'match-rehash')
      equal(await hasher.verify(Secret.fromText('wrong'), phc), 'mismatch')
    } finally {
      await older.close()
    }
  })

  claim('verify rejects a malformed PHC string', async (hasher) => {
    const phc = await hasher.hash(PASSWORD)
    for (const malformed of [
      '',
      'correct horse battery',
      '$',
      phc.slice(0, phc.lastIndexOf('$')),
      `${phc}\n`,
    ])
      await rejects(hasher.verify(PASSWORD, malformed))
  })

  claim('a full queue rejects at once with hasher/busy, and only what is beyond it', async (hasher) => {
    const phc = await hasher.hash(PASSWORD)
    const settled: string[] = []
    await race(driver.queueLimit + 5, async (caller) => {
      const call = caller % 2 === 0 ? hasher.verify(PASSWORD, phc) : hasher.hash(PASSWORD)
      settled.push(await call.then(() => 'answered', codeOf))
    })
    const [busy, answered] = [Array(5).fill('hasher/busy'), Array(driver.queueLimit).fill('answered')]
    same(settled, [...busy, ...answered])
    equal(await hasher.verify(PASSWORD, phc), 'match')
  })

  claim('a secret is left as it was given', async (hasher) => {
    const secret = Secret.fromText('correct horse battery')
    await hasher.verify(secret, await hasher.hash(secret))
    equal(secret.revealText(), 'correct horse battery')
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'another error'
}

const PASSWORD = Secret.fromText('correct horse battery')
