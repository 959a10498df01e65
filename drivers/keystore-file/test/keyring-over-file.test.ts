import { createKeyring, type KeyRecord, type KeyRecords } from '@jotwarden/keyring'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { signJwt, verify } from '@jotwarden/token'
import { expect, test } from 'vitest'

test('a keyring over the file store signs, and opens the same keys after a restart', async () => {
  const records = recordsInList()
  const first = keyring(records, kek)
  await first.open()
  const token = await signJwt({ typ: 'at+jwt', claims: { sub: 'alice' } }, first.signer())
  const restarted = keyring(records, kek)
  await restarted.open()
  expect(verify(token, restarted.keySource()).claims.sub).toBe('alice')
  expect(restarted.macKey().kid).toBe(first.macKey().kid)
  expect(restarted.sealKey().kid).toBe(first.sealKey().kid)
})

test('a keyring with the wrong key-encryption key does not open, and makes no keys beside', async () => {
  const records = recordsInList()
  await keyring(records, kek).open()
  const before = await records.list(issuer)
  const wrong = keyring(records, new KeyEncryptionKey(Buffer.alloc(32, 2)))
  await expect(wrong.open()).rejects.toMatchObject({ code: 'keystore/wrong-kek' })
  expect(() => wrong.signer()).toThrow(expect.objectContaining({ code: 'keyring/not-open' }))
  expect(await records.list(issuer)).toEqual(before)
})

test('two signing records whose private parts were swapped do not open', async () => {
  const records = recordsInList()
  await keyring(records, kek).open()
  const [one, two] = (await records.list(issuer)).filter(({ purpose }) => purpose === 'token-signing')
  if (one === undefined || two === undefined) throw new Error('Cannot test: there are not two signing keys')
  const swapped = recordsInList([
    { ...one, wrapped: two.wrapped },
    { ...two, wrapped: one.wrapped },
  ])
  await expect(keyring(swapped, kek).open()).rejects.toMatchObject({ code: 'keystore/unwrap' })
})

function keyring(records: KeyRecords, under: KeyEncryptionKey): ReturnType<typeof createKeyring> {
  return createKeyring({
    issuer,
    records,
    store: createFileKeyStore({ kek: under }),
    clock: { now: () => 1000 },
  })
}

function recordsInList(listed: KeyRecord[] = []): KeyRecords {
  return {
    add: async (_issuer, records) => {
      listed.push(...records)
      return 'added'
    },
    list: async () => [...listed],
    reserve: async (_issuer: string, _kid: string, count: number) => count,
    transition: async () => 'conflict',
  }
}

const issuer = 'https://issuer.example'
const kek = new KeyEncryptionKey(Buffer.alloc(32, 1))
