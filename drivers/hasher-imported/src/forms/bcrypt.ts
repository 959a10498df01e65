import { excessive } from '../errors.ts'
import type { ImportedHash } from '../imported-hash.ts'

/** `$2a$`, `$2b$` and `$2y$`, which differ in bugs of implementations that are long gone. `$2x$` keeps such a bug. */
export function readBcrypt(text: string): ImportedHash | undefined {
  const cost = Number(/^\$2[aby]\$([0-3]\d)\$[./A-Za-z0-9]{53}$/.exec(text)?.[1])
  if (Number.isNaN(cost) || cost < 4 || cost > 31) return undefined
  if (cost > highest) throw excessive(`bcrypt cost ${cost} is above ${highest}`)
  return {
    form: `bcrypt, cost ${cost}`,
    derivation: { algorithm: 'bcrypt', text },
    salt: none,
    hash: none,
    work: 72 * 2 ** (cost - 10),
    weakness: cost < 10 ? 'bcrypt cost below 10' : null,
  }
}

/** 4.6 s of a core; each step doubles it. */
const highest = 16
const none = new Uint8Array()
