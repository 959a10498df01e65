import { checkLengths, readBase64, weaknessOf } from '../base64.ts'
import { excessive } from '../errors.ts'
import type { ImportedHash } from '../imported-hash.ts'

/** The PHC form: `$scrypt$ln=…,r=…,p=…$salt$hash` (RFC 7914). */
export function readScrypt(text: string): ImportedHash | undefined {
  const [, ln, r, p, salt, hash] = pattern.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  // Before any power is taken: the memory is 128 · 2^ln · r bytes
  if (cost.ln > 30 || 128 * 2 ** cost.ln * cost.r > mostMemory)
    throw excessive(`scrypt with ln=${cost.ln} and r=${cost.r} needs more than 256 MiB of memory`)
  const blocks = 2 ** cost.ln * cost.r * cost.p
  if (blocks > mostBlocks) throw excessive(`scrypt with ln=${ln}, r=${r}, p=${p} takes too long`)
  const [saltBytes, hashBytes] = [readBase64(salt), readBase64(hash)]
  checkLengths(saltBytes, hashBytes)
  return {
    form: `scrypt, ln=${ln}, r=${r}, p=${p}`,
    derivation: { algorithm: 'scrypt', N: 2 ** cost.ln, r: cost.r, p: cost.p },
    salt: saltBytes,
    hash: hashBytes,
    work: blocks / 2600,
    weakness: weaknessOf(saltBytes, blocks < leastBlocks && 'scrypt below N=2^14, r=8, p=1'),
  }
}

const pattern =
  /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,3}),p=([1-9]\d{0,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const mostMemory = 256 * 1024 * 1024
/** About 3 s. */
const mostBlocks = 2 ** 23
const leastBlocks = 2 ** 14 * 8
