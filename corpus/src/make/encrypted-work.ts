import { Buffer } from 'node:buffer'
import { deflateRawSync } from 'node:zlib'
import type { HostileCase } from '../hostile-case.ts'
import { cases } from './jwe-cases.ts'
import { type JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, segment } from './workshop.ts'

/** Tokens that ask for more work than they are worth. */
export function work(made: JweWorkshop): readonly HostileCase[] {
  const password = (members: Readonly<Record<string, unknown>>): string => {
    const parameters = { p2c: 4096, p2s: segment('sixteen bytes...'), ...members }
    const parts = made.direct('enc-dir', made.header('enc-password', parameters), 'x')
    return jwe(parts, { encryptedKey: Buffer.alloc(24, 1) })
  }
  const zipped = (plaintext: Uint8Array): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', { zip: 'DEF' }), deflateRawSync(plaintext)))
  const counts = 'CVE-2022-36083 class: RFC 8725bis §3.13'
  return cases('RFC 8725bis §3.15', [
    [
      'p2c-highest',
      'two thousand million rounds',
      password({ p2c: 2_147_483_647 }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    [
      'p2c-over',
      'a round more than 1,200,000',
      password({ p2c: 1_200_001 }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    ['p2c-low', '999 rounds', password({ p2c: 999 }), 'jwe/parameter', 'enc-password', 'RFC 7518 §4.8.1.2'],
    [
      'p2c-text',
      'a count that is a text',
      password({ p2c: '4096' }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    [
      'p2s-short',
      'a salt of 7 bytes',
      password({ p2s: segment('seven b') }),
      'jwe/parameter',
      'enc-password',
      'RFC 7518 §4.8.1.1',
    ],
    [
      'p2c-under-dir',
      'a count under dir',
      jwe(made.direct('enc-dir', made.header('enc-dir', { p2c: 2_147_483_647 }), 'x')),
      'jwe/parameter',
      'enc-dir',
      counts,
    ],
    ['zip', 'compressed claims', zipped(Buffer.from(claimsText())), 'jwe/zip', 'enc-dir'],
    [
      'zip-bomb',
      'ten megabytes of zeros, compressed',
      zipped(Buffer.alloc(10_000_000)),
      'jwe/zip',
      'enc-dir',
      'CVE-2024-28176 class',
    ],
    [
      'zip-unknown',
      'an unknown zip',
      jwe(made.direct('enc-dir', made.header('enc-dir', { zip: 'GZIP' }), 'x')),
      'jwe/zip',
      'enc-dir',
    ],
  ])
}
