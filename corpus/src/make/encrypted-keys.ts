import { Buffer } from 'node:buffer'
import type { HostileCase } from '../hostile-case.ts'
import { cases, cbc } from './jwe-cases.ts'
import { type JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText } from './workshop.ts'

/** Tags, vectors and encrypted keys that are not what they should be. */
export function keysAndTags(made: JweWorkshop): readonly HostileCase[] {
  const parts = made.direct('enc-dir', made.header('enc-dir'), claimsText())
  const wrapped = made.wrapped(made.header('enc-kw'), claimsText())
  const rsa = made.rsa(made.header('enc-rsa'), claimsText())
  const oaep = (cek: Uint8Array, hash?: string): string => jwe(made.rsa(rsa.header, claimsText(), cek, hash))
  const blocks = cbc(made)
  const oracle = 'RFC 7516 §11.5: one refusal for whatever is wrong'
  return cases('CVE-2018-1000539: a truncated tag', [
    ['tag-12', 'a tag of 12 bytes', jwe(parts, { tag: parts.tag.subarray(0, 12) }), 'jwe/refused', 'enc-dir'],
    ['tag-4', 'a tag of 4 bytes', jwe(parts, { tag: parts.tag.subarray(0, 4) }), 'jwe/refused', 'enc-dir'],
    ['tag-empty', 'no tag', jwe(parts, { tag: new Uint8Array(0) }), 'jwe/refused', 'enc-dir'],
    [
      'tag-cbc-8',
      'half a tag under CBC',
      jwe(blocks, { tag: blocks.tag.subarray(0, 8) }),
      'jwe/refused',
      'enc-dir-cbc',
    ],
    [
      'gcmkw-tag-4',
      'a key whose tag has 4 bytes',
      jwe(made.gcmWrapped({ tag: 'AAAAAA' }, 'x')),
      'jwe/parameter',
      'enc-gcmkw',
    ],
    [
      'gcmkw-iv-8',
      'a key whose vector has 8 bytes',
      jwe(made.gcmWrapped({ iv: 'AAAAAAAAAAA' }, 'x')),
      'jwe/parameter',
      'enc-gcmkw',
    ],
    [
      'iv-empty',
      'no vector',
      jwe(parts, { iv: new Uint8Array(0) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7518 §5.3',
    ],
    [
      'iv-16',
      'a vector of 16 bytes',
      jwe(parts, { iv: Buffer.alloc(16) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7518 §5.3',
    ],
    [
      'key-under-dir',
      'an encrypted key under dir',
      jwe(parts, { encryptedKey: Buffer.alloc(40) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7516 §5.2 step 10',
    ],
    [
      'key-empty',
      'no encrypted key under A256KW',
      jwe(wrapped, { encryptedKey: new Uint8Array(0) }),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'key-bent',
      'an encrypted key that does not unwrap',
      jwe(wrapped, { encryptedKey: Buffer.alloc(40, 1) }),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'cek-short',
      'a key of 16 bytes for A256GCM',
      jwe(made.wrapped(wrapped.header, 'x', Buffer.alloc(16, 1))),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'rsa-garbage',
      'no OAEP inside',
      jwe(rsa, { encryptedKey: Buffer.alloc(256, 1) }),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    [
      'rsa-cek-short',
      'a key of 16 bytes under OAEP',
      oaep(Buffer.alloc(16, 1)),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    [
      'rsa-cek-other',
      'another key of 32 bytes under OAEP',
      oaep(Buffer.alloc(32, 1)),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    ['rsa-sha1', 'OAEP with SHA-1', oaep(Buffer.alloc(32, 2), 'sha1'), 'jwe/refused', 'enc-rsa', oracle],
    [
      'text-bent',
      'a ciphertext that was changed',
      jwe(parts, { ciphertext: Buffer.alloc(9, 1) }),
      'jwe/refused',
      'enc-dir',
      oracle,
    ],
    [
      'header-bent',
      'a header that was changed',
      jwe(parts, { header: made.header('enc-dir', { x: 1 }) }),
      'jwe/refused',
      'enc-dir',
      oracle,
    ],
  ])
}

/** Ephemeral keys and parties that must not be agreed with. */
export function agreement(made: JweWorkshop): readonly HostileCase[] {
  const good = made.agreed('enc-ecdh', {}, claimsText())
  const { epk } = JSON.parse(good.header)
  const p256 = (members: Readonly<Record<string, unknown>>): string =>
    jwe(made.agreed('enc-ecdh', members, 'x'))
  const x25519 = (hex: string): string => {
    const other = { kty: 'OKP', crv: 'X25519', x: Buffer.from(hex, 'hex').toString('base64url') }
    return jwe(made.agreed('enc-x25519', { epk: other }, 'x'))
  }
  const sanso = 'the invalid curve attack: a point off its curve tells the private key'
  const bad = 'jwe/parameter'
  return cases(sanso, [
    ['epk-off-curve', 'a point off its curve', p256({ epk: { ...epk, y: epk.x } }), bad, 'enc-ecdh'],
    [
      'epk-zero',
      'the point of zeros',
      p256({ epk: { ...epk, x: 'A'.repeat(43), y: 'A'.repeat(43) } }),
      bad,
      'enc-ecdh',
    ],
    ['epk-curve', 'another curve', p256({ epk: { ...epk, crv: 'P-384' } }), bad, 'enc-ecdh'],
    ['epk-kty', 'another kty', p256({ epk: { ...epk, kty: 'OKP' } }), bad, 'enc-ecdh'],
    [
      'epk-private',
      'a private key',
      p256({ epk: { ...epk, d: epk.x } }),
      bad,
      'enc-ecdh',
      'RFC 7518 §4.6.1.1',
    ],
    ['epk-absent', 'no epk', p256({ epk: undefined }), bad, 'enc-ecdh', 'RFC 7518 §4.6.1.1'],
    [
      'epk-under-dir',
      'an epk under dir',
      jwe(made.direct('enc-dir', made.header('enc-dir', { epk }), 'x')),
      bad,
      'enc-dir',
    ],
    ['x25519-zero', 'X25519: zero', x25519('00'.repeat(32)), bad, 'enc-x25519', 'RFC 7748 §6.1'],
    ['x25519-one', 'X25519: one', x25519(`01${'00'.repeat(31)}`), bad, 'enc-x25519', 'RFC 7748 §6.1'],
    [
      'x25519-order-8',
      'X25519: a point of order 8',
      x25519('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
      bad,
      'enc-x25519',
      'RFC 7748 §6.1',
    ],
    [
      'apu-apv-same',
      'apu and apv the same',
      p256({ apu: 'QUFB', apv: 'QUFB' }),
      bad,
      'enc-ecdh',
      'RFC 7518 §4.6.2',
    ],
    ['apu-long', 'an apu of 300 bytes', p256({ apu: 'A'.repeat(400) }), bad, 'enc-ecdh', 'RFC 7518 §4.6.1.2'],
    ['apu-bits', 'an apu with unused bits', p256({ apu: 'QR' }), bad, 'enc-ecdh', 'RFC 4648 §3.5'],
  ])
}
