import { keyStoreSuite } from '@jotwarden/conformance'
import type { KeyRecord, KeyStore } from '@jotwarden/keyring'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { expect, test } from 'vitest'

/** Key stores that break one promise each, and the claim that must notice. */
const breaches: readonly (readonly [string, string, (store: KeyStore) => Partial<KeyStore>])[] = [
  [
    'gives one secret to all',
    'generate never gives one key twice',
    (store) => {
      let first: KeyRecord | undefined
      return {
        secret(record) {
          first ??= record
          return store.secret(first)
        },
      }
    },
  ],
  [
    'opens beside another issuer',
    'sealing A256GCM opens only beside its own issuer',
    (store) => ({ secret: (record) => store.secret({ ...record, issuer: 'https://issuer.example' }) }),
  ],
  [
    'opens what it opened once',
    'token-signing ES256 does not open when destroyed',
    (store) => {
      const known = new Map<string, ReturnType<KeyStore['signer']>>()
      return {
        signer(record) {
          const signer = known.get(record.kid) ?? store.signer(record)
          known.set(record.kid, signer)
          return signer
        },
      }
    },
  ],
  [
    'makes any key it is asked for',
    'generate rejects an algorithm that is of another purpose',
    (store) => ({
      generate: (request) =>
        store
          .generate(request)
          .catch(() => store.generate({ ...request, purpose: 'sealing', alg: 'A256GCM' })),
    }),
  ],
  [
    'trusts the public part beside it',
    'a token-signing key of ES256 gives no signer beside another public part',
    (store) => {
      const own = new Map<string, KeyRecord['publicJwk']>()
      return {
        async generate(request) {
          const made = await store.generate(request)
          own.set(made.kid, made.publicJwk)
          return made
        },
        signer: (record) => store.signer({ ...record, publicJwk: own.get(record.kid) ?? null }),
      }
    },
  ],
]

test.each(breaches)('keyStoreSuite, of a store that %s, refuses "%s"', async (_, claim, breach) => {
  const open = async (): Promise<KeyStore> => {
    const store = createFileKeyStore({ kek: new KeyEncryptionKey(Buffer.alloc(32, 1)) })
    const whole: KeyStore = {
      name: store.name,
      generate: (request) => store.generate(request),
      signer: (record) => store.signer(record),
      secret: (record) => store.secret(record),
    }
    return { ...whole, ...breach(whole) }
  }
  const tests: (readonly [string, () => Promise<void>])[] = []
  keyStoreSuite({ open, without: ['RS256'] }, { test: (name, run) => void tests.push([name, run]) })
  const failed: string[] = []
  for (const [name, run] of tests) await run().catch(() => failed.push(name))
  expect(failed.filter((name) => name.startsWith(`KeyStore: ${claim}`))).not.toEqual([])
})
