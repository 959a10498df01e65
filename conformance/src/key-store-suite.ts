import { equal, match, notDeepEqual, ok, rejects } from 'node:assert/strict'
import { type KeyPurpose, type KeyRecord, type KeyStore, keyPurposes } from '@jotwarden/keyring'
import { importVerifyKey, jwkThumbprint, signJwt, verify } from '@jotwarden/token'
import type { Runner } from './driver.ts'
import { same } from './same.ts'
import { ISSUER, OTHER_ISSUER, sampleKey } from './samples.ts'

/** The key store under test. */
export interface KeyStoreDriver {
  /** Opens the store; every call gives one that opens what the others made, as after a restart. */
  open(): Promise<KeyStore>
  /** Algorithms that the store cannot make; none by default. */
  readonly without?: readonly string[]
}

type Claim = (promise: string, prove: (store: KeyStore) => Promise<void>) => void

/** What `KeyStore` promises. */
export function keyStoreSuite(driver: KeyStoreDriver, runner: Runner): void {
  const claim: Claim = (promise, prove) => {
    runner.test(`KeyStore: ${promise}`, async () => prove(await driver.open()))
  }
  const kinds = everyKind.filter(({ alg }) => !driver.without?.includes(alg))
  making(claim, kinds, driver)
  for (const kind of kinds) opening(claim, kind, driver)
}

function making(claim: Claim, kinds: readonly Kind[], { without = [] }: KeyStoreDriver): void {
  claim('generate never gives one key twice', async (store) => {
    for (const kind of kinds) {
      const [first, second] = [await made(store, kind), await made(store, kind)]
      ok(first.kid !== second.kid && first.wrapped !== second.wrapped)
      if (first.publicJwk === null)
        notDeepEqual((await store.secret(first)).reveal(), (await store.secret(second)).reveal())
    }
  })

  claim('generate rejects an algorithm that is of another purpose or of none', async (store) => {
    for (const [purpose, alg] of foreign)
      await rejects(store.generate({ issuer: ISSUER, purpose, alg }), Error, alg)
  })

  for (const { purpose, alg } of everyKind.filter((kind) => without.includes(kind.alg)))
    claim(`generate rejects ${alg}, which the store cannot make`, async (store) => {
      await rejects(store.generate({ issuer: ISSUER, purpose, alg }))
    })
}

function opening(claim: Claim, kind: Kind, driver: KeyStoreDriver): void {
  const { purpose, alg } = kind
  const { secretBytes } = keyPurposes[purpose]
  if (secretBytes === null) ofPairs(claim, kind, driver)
  else ofSecrets(claim, kind, secretBytes, driver)

  claim(`${purpose} ${alg} opens only beside its own issuer, purpose, alg and kid`, async (store) => {
    const [record, twin] = [await made(store, kind), await made(store, kind)]
    await opened(store, record)
    const others = everyKind.filter((other) => isPair(other) === isPair(kind))
    const moved: readonly Partial<KeyRecord>[] = [
      { issuer: OTHER_ISSUER },
      { kid: twin.kid },
      { kid: twin.kid, publicJwk: twin.publicJwk },
      { wrapped: twin.wrapped },
      ...others.filter((other) => other.alg !== alg),
    ]
    for (const move of moved)
      await rejects(opened(store, { ...record, ...move }), Error, JSON.stringify(move))
    await opened(store, record)
  })

  claim(`${purpose} ${alg} does not open when destroyed, cut or changed`, async (store) => {
    const record = await made(store, kind)
    const { wrapped } = record
    await opened(store, record)
    ok(wrapped !== null && wrapped !== '')
    const middle = wrapped.length >> 1
    const changed = `${wrapped.slice(0, middle)}${wrapped[middle] === 'A' ? 'B' : 'A'}${wrapped.slice(middle + 1)}`
    for (const text of [null, '', wrapped.slice(0, -4), wrapped.slice(4), changed])
      await rejects(opened(store, { ...record, wrapped: text }))
  })
}

function ofPairs(claim: Claim, kind: Kind, driver: KeyStoreDriver): void {
  const { purpose, alg } = kind
  claim(
    `a ${purpose} key of ${alg} signs what its public part verifies, in any instance of the store`,
    async (store) => {
      const record = await made(store, kind)
      const { publicJwk, kid } = record
      ok(publicJwk !== null)
      equal(kid, jwkThumbprint(publicJwk))
      for (const member of PRIVATE_MEMBERS) equal(Object.hasOwn(publicJwk, member), false)
      for (const instance of [store, await driver.open()]) {
        const signer = await instance.signer(record)
        same([signer.kid, signer.alg], [kid, alg])
        const token = await signJwt({ typ: 'at+jwt', claims: { sub: 'usr_ada' } }, signer)
        equal(verify(token, importVerifyKey(publicJwk)).claims.sub, 'usr_ada')
      }
    },
  )

  claim(`a ${purpose} key of ${alg} gives no signer beside another public part or none`, async (store) => {
    const [record, twin] = [await made(store, kind), await made(store, kind)]
    await rejects(store.signer({ ...record, publicJwk: twin.publicJwk }))
    await rejects(store.signer({ ...record, publicJwk: null }))
  })

  claim(`a ${purpose} key of ${alg} gives no secret`, async (store) => {
    await rejects(store.secret(await made(store, kind)))
  })
}

function ofSecrets(claim: Claim, kind: Kind, length: number, driver: KeyStoreDriver): void {
  const { purpose, alg } = kind
  claim(
    `a ${purpose} key of ${alg} is ${length} bytes, the same at each opening and in any instance`,
    async (store) => {
      const record = await made(store, kind)
      match(record.kid, /^[\w-]{11}$/)
      equal(record.publicJwk, null)
      const bytes = (await store.secret(record)).reveal()
      equal(bytes.length, length)
      ok(new Set(bytes).size > length / 8)
      const kept = Uint8Array.from(bytes)
      bytes.fill(0)
      for (const instance of [store, await driver.open()])
        same(Uint8Array.from((await instance.secret(record)).reveal()), kept)
    },
  )

  claim(`a ${purpose} key of ${alg} gives no signer`, async (store) => {
    await rejects(store.signer(await made(store, kind)))
  })
}

async function made(store: KeyStore, { purpose, alg }: Kind): Promise<KeyRecord> {
  return sampleKey({ purpose, alg, ...(await store.generate({ issuer: ISSUER, purpose, alg })) })
}

function opened(store: KeyStore, record: KeyRecord): Promise<unknown> {
  return isPair(record) ? store.signer(record) : store.secret(record)
}

function isPair({ purpose }: Pick<Kind, 'purpose'>): boolean {
  return keyPurposes[purpose].family === 'asymmetric'
}

interface Kind {
  readonly purpose: KeyPurpose
  readonly alg: string
}

const everyKind: readonly Kind[] = Object.values(keyPurposes).flatMap(({ purpose, algs }) =>
  algs.map((alg) => ({ purpose, alg })),
)

const foreign: readonly (readonly [KeyPurpose, string])[] = [
  ['token-signing', 'HS256'],
  ['token-signing', 'none'],
  ['token-signing', ''],
  ['refresh-mac', 'ES256'],
  ['sealing', 'HS256'],
]

/** RFC 7518 §6.2.2, §6.3.2 and §6.4.1. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
