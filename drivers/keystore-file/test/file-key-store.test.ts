import { inspect } from 'node:util'
import { type KeyPurpose, type KeyRecord, keyPurposes } from '@jotwarden/keyring'
import {
  createFileKeyStore,
  type FileKeyStore,
  KeyEncryptionKey,
  KeyStoreError,
} from '@jotwarden/keystore-file'
import { importVerifyKey, jwkThumbprint, signJwt, verify } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('FileKeyStore', () => {
  for (const alg of ['ES256', 'Ed25519', 'RS256'] as const)
    test(`generates an ${alg} key whose signer signs what its public part verifies`, async () => {
      const record = await made(store, 'token-signing', alg)
      if (record.publicJwk === null) throw new Error('Cannot test: there is no public part')
      expect(record.kid).toBe(jwkThumbprint(record.publicJwk))
      const token = await signJwt({ typ: 'at+jwt', claims: { sub: 'alice' } }, await store.signer(record))
      expect(verify(token, importVerifyKey(record.publicJwk)).claims.sub).toBe('alice')
    })

  const symmetric = [
    ['refresh-mac', 'HS256', 64],
    ['sealing', 'A256GCM', 32],
  ] as const
  for (const [purpose, alg, length] of symmetric)
    test(`generates ${length} secret bytes for ${purpose} under an id of 8`, async () => {
      const record = await made(store, purpose, alg)
      expect(record.kid).toMatch(/^[\w-]{11}$/)
      expect(record.publicJwk).toBeNull()
      const bytes = (await store.secret(record)).reveal()
      expect(bytes).toHaveLength(length)
      expect(new Set(bytes).size).toBeGreaterThan(8)
      expect((await store.secret(record)).reveal()).toEqual(bytes)
    })

  test('never gives two keys the same bytes', async () => {
    const first = await made(store, 'sealing', 'A256GCM')
    const second = await made(store, 'sealing', 'A256GCM')
    expect(second.kid).not.toBe(first.kid)
    expect((await store.secret(second)).reveal()).not.toEqual((await store.secret(first)).reveal())
  })

  test('writes one format: jwk1. and base64url', async () => {
    for (const { purpose, algs } of Object.values(keyPurposes)) {
      expect((await made(store, purpose, algs[0])).wrapped).toMatch(/^jwk1\.[\w-]{70,}$/)
    }
  })

  test('leaves no private member readable in a record', async () => {
    const record = await made(store, 'token-signing', 'ES256')
    expect(JSON.stringify(record)).not.toMatch(/"d":|PRIVATE KEY/)
    expect(Buffer.from(record.wrapped?.slice(5) ?? '', 'base64url').toString('latin1')).not.toMatch(
      /"d"|"kty"/,
    )
  })

  test('refuses an algorithm that is not of the purpose', async () => {
    for (const [purpose, alg] of [
      ['token-signing', 'HS256'],
      ['token-signing', 'none'],
      ['refresh-mac', 'ES256'],
      ['sealing', 'HS256'],
    ] as const) {
      await expect(store.generate({ issuer, purpose, alg })).rejects.toMatchObject({
        code: 'keystore/algorithm',
      })
    }
  })

  test('gives no secret of a signing key, and no signer of a secret', async () => {
    const signing = await made(store, 'token-signing', 'ES256')
    const sealing = await made(store, 'sealing', 'A256GCM')
    await expect(store.secret(signing)).rejects.toMatchObject({ code: 'keystore/mismatch' })
    await expect(store.signer(sealing)).rejects.toMatchObject({ code: 'keystore/mismatch' })
  })

  test('says that a destroyed private part is destroyed', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    await expect(store.secret({ ...record, wrapped: null })).rejects.toMatchObject({
      code: 'keystore/destroyed',
    })
  })

  test('keeps a secret whole after it was opened: wiping what was unwrapped wipes no more', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    expect(new Set((await store.secret(record)).reveal())).not.toEqual(new Set([0]))
  })
})

describe('a wrapped key does not open', () => {
  const moves = [
    ['under another issuer', { issuer: 'https://other.example' }],
    ['under another kid', { kid: 'AAAAAAAAAAA' }],
    ['under another purpose', { purpose: 'refresh-mac' }],
    ['under another purpose and its algorithm', { purpose: 'refresh-mac', alg: 'HS256' }],
    ['under another algorithm', { alg: 'A256GCMX' }],
  ] as const
  for (const [name, move] of moves)
    test(name, async () => {
      const record = await made(store, 'sealing', 'A256GCM')
      await expect(store.secret({ ...record, ...move })).rejects.toMatchObject({ code: 'keystore/unwrap' })
    })

  test('in the record of another key of the same purpose', async () => {
    for (const { purpose, algs } of Object.values(keyPurposes)) {
      const first = await made(store, purpose, algs[0])
      const second = await made(store, purpose, algs[0])
      const swapped = { ...first, wrapped: second.wrapped }
      const opening = purpose === 'token-signing' ? store.signer(swapped) : store.secret(swapped)
      await expect(opening).rejects.toMatchObject({ code: 'keystore/unwrap' })
    }
  })

  test('beside a public part that is not its own', async () => {
    const first = await made(store, 'token-signing', 'ES256')
    const second = await made(store, 'token-signing', 'ES256')
    const swapped = { ...first, publicJwk: second.publicJwk }
    await expect(store.signer(swapped)).rejects.toMatchObject({ code: 'keystore/mismatch' })
  })

  test('with any single bit flipped', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    const bytes = Buffer.from(record.wrapped?.slice(5) ?? '', 'base64url')
    expect(bytes).toHaveLength(8 + 12 + 32 + 16)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const wrapped = `jwk1.${flipped.toString('base64url')}`
      // The first 8 bytes name the wrapping key.
      const code = bit < 64 ? 'keystore/wrong-kek' : 'keystore/unwrap'
      await expect(store.secret({ ...record, wrapped })).rejects.toMatchObject({ code })
    }
  })

  test('cut at any length, padded, renamed or replaced by arbitrary text', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    const wrapped = record.wrapped ?? ''
    const others = fc.oneof(
      fc.nat({ max: wrapped.length - 1 }).map((length) => wrapped.slice(0, length)),
      fc.constantFrom(
        `${wrapped}=`,
        `${wrapped}A`,
        wrapped.replace('jwk1', 'jwk2'),
        ` ${wrapped}`,
        `${wrapped}\n`,
      ),
      fc.string(),
      fc.string().map((text) => `jwk1.${text}`),
    )
    await fc.assert(
      fc.asyncProperty(others, async (text) => {
        const error = await store.secret({ ...record, wrapped: text }).catch((caught: unknown) => caught)
        expect(error).toBeInstanceOf(KeyStoreError)
      }),
    )
  })

  test('under another key-encryption key, whose refusal names both ids and no secret', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    const other = new KeyEncryptionKey(Buffer.alloc(32, 2))
    const error = await createFileKeyStore({ kek: other })
      .secret(record)
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'keystore/wrong-kek' })
    expect(inspect(error)).toContain(kek.id)
    expect(inspect(error)).toContain(other.id)
    expect(inspect(error)).not.toContain(record.wrapped?.slice(20))
  })
})

describe('FileKeyStore.rewrap()', () => {
  test('moves a key under the new wrapping key, so that the old one is no longer needed', async () => {
    const newer = new KeyEncryptionKey(Buffer.alloc(32, 2))
    const both = createFileKeyStore({ kek: newer, olderKeks: [kek] })
    for (const { purpose, algs } of Object.values(keyPurposes)) {
      const record = await made(store, purpose, algs[0])
      const wrapped = both.rewrap(record)
      if (wrapped === undefined) throw new Error('Cannot test: nothing was wrapped anew')
      const moved = { ...record, wrapped }
      const alone = createFileKeyStore({ kek: newer })
      if (purpose === 'token-signing') expect((await alone.signer(moved)).kid).toBe(record.kid)
      else expect((await alone.secret(moved)).reveal()).toEqual((await store.secret(record)).reveal())
      expect(both.rewrap(moved)).toBeUndefined()
    }
  })

  test('leaves a destroyed key alone', async () => {
    const record = await made(store, 'sealing', 'A256GCM')
    expect(store.rewrap({ ...record, wrapped: null })).toBeUndefined()
  })
})

async function made(from: FileKeyStore, purpose: KeyPurpose, alg: string): Promise<KeyRecord> {
  const generated = await from.generate({ issuer, purpose, alg })
  return {
    ...{ issuer, purpose, alg, ...generated },
    state: 'active',
    createdAt: 1,
    announcedAt: null,
    activatedAt: 1,
    ...{ retiringAt: null, removableAt: null, retiredAt: null, compromisedAt: null },
    uses: 0,
    version: 1,
  }
}

const issuer = 'https://issuer.example'
const kek = new KeyEncryptionKey(Buffer.alloc(32, 1))
const store = createFileKeyStore({ kek })
