import { createKeyring, type KeyRecord, rewrapKeys } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { clock, issuer, opened, spareOf, step } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'

describe('rewrapKeys()', () => {
  test('wraps every private part anew, whatever the state of its key, with an event for each', async () => {
    const { records, keyring } = await opened()
    const spare = spareOf(keyring)
    await records.transition(issuer, [step(spare, 1, 'compromised')], [])
    const { rewrapped, closed } = await rewrapKeys(records, request())
    expect(rewrapped).toHaveLength(5)
    expect(closed).toEqual([])
    const listed = await records.list(issuer)
    expect(listed.filter(({ wrapped }) => wrapped?.endsWith('+new'))).toHaveLength(5)
    expect(listed.find(({ kid }) => kid === spare)).toMatchObject({ state: 'compromised', wrapped: null })
    const told = records.events.filter(({ type }) => type === 'key-rewrapped')
    expect(told.map(({ kid }) => kid).sort()).toEqual(rewrapped.map(({ kid }) => kid).sort())
    expect(told.map(({ cause, at }) => `${cause} ${at}`)).toEqual(Array(5).fill('kek-new 2000'))
    expect(await rewrapKeys(records, request())).toEqual({ rewrapped: [], closed: [] })
  })

  test('leaves what cannot be opened as it is, names it, and wraps the rest', async () => {
    const { records, keyring } = await opened()
    const { kid } = keyring.signer()
    const { rewrapped, closed } = await rewrapKeys(records, {
      ...request(),
      rewrap(record) {
        if (record.kid === kid) throw new Error('Cannot open it')
        return anew(record)
      },
    })
    expect(rewrapped).toHaveLength(5)
    expect(closed.map((record) => record.kid)).toEqual([kid])
    expect((await records.list(issuer)).find((record) => record.kid === kid)?.version).toBe(1)
  })

  test('of two callers at once neither wraps twice nor fails, and none is left over', async () => {
    const { records } = await opened()
    const both = await Promise.all([rewrapKeys(records, request()), rewrapKeys(records, request())])
    expect(both.map(({ rewrapped }) => rewrapped.length).sort()).toEqual([0, 6])
    expect((await records.list(issuer)).map(({ version }) => version)).toEqual(Array(6).fill(2))
  })

  test('takes a key that comes in between as well', async () => {
    const { records, keyring } = await opened()
    const late = await lateKey(records)
    const list = records.list.bind(records)
    let lists = 0
    records.list = async (of) => {
      const listed = await list(of)
      lists += 1
      if (lists === 1) expect(await records.add(issuer, [late], [])).toBe('added')
      return listed
    }
    const { rewrapped } = await rewrapKeys(records, request())
    expect(rewrapped.map(({ kid }) => kid)).toContain(late.kid)
    expect(rewrapped).toHaveLength(7)
    expect(keyring.problems).toEqual([])
  })
})

describe('a key that was wrapped before the records changed', () => {
  test('is not added: a node that was held up between wrapping and adding wraps again', async () => {
    const { records, keyring, store } = await opened()
    await records.transition(issuer, [step(spareOf(keyring), 1, 'compromised')], [])
    const { held, release, holding } = heldAfterGenerating(store)
    const node = createKeyring({ issuer, records, store: holding, clock, schedule })
    const tended = node.tend()
    await held
    expect((await rewrapKeys(records, request())).rewrapped).toHaveLength(5)
    release()
    expect(await tended).toMatchObject([{ act: 'make', purpose: 'token-signing' }])
    const made = (await records.list(issuer)).filter(({ state }) => state === 'pending')
    expect(made.filter(({ purpose }) => purpose === 'token-signing')).toHaveLength(1)
    // The first one is nowhere: the second was wrapped after the change.
    expect(holding.generated).toBe(2)
    expect(made.find(({ purpose }) => purpose === 'token-signing')?.wrapped).toBe(holding.last)
  })

  test('is not added by a first start either', async () => {
    const records = new MemoryKeyRecords()
    const store = new PlainKeyStore()
    const { held, release, holding } = heldAfterGenerating(store)
    const slow = createKeyring({ issuer, records, store: holding, clock })
    const opening = slow.open()
    await held
    const quick = createKeyring({ issuer, records, store, clock })
    await quick.open()
    release()
    await opening
    expect(slow.signer().kid).toBe(quick.signer().kid)
    expect(await records.list(issuer)).toHaveLength(6)
  })
})

function request() {
  return { issuer, at: 2000, cause: 'kek-new', rewrap: anew }
}

function anew({ wrapped }: KeyRecord): string | undefined {
  return wrapped === null || wrapped.endsWith('+new') ? undefined : `${wrapped}+new`
}

async function lateKey(records: MemoryKeyRecords): Promise<KeyRecord> {
  const [first] = await records.list(issuer)
  if (first === undefined) throw new Error('Cannot test: there is no key')
  return { ...first, kid: 'late', state: 'pending' }
}

/** A store whose caller is held up after its first key is made, before it is anywhere. */
function heldAfterGenerating(store: PlainKeyStore) {
  const { promise: held, resolve: reached } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const holding = {
    name: store.name,
    generated: 0,
    last: '',
    signer: store.signer.bind(store),
    secret: store.secret.bind(store),
    async generate(wanted: Parameters<PlainKeyStore['generate']>[0]) {
      const made = await store.generate(wanted)
      holding.generated += 1
      holding.last = made.wrapped
      reached()
      await released
      return made
    },
  }
  return { held, release, holding }
}

const schedule = {
  latestEnd: async () => 0,
  plan: {
    ...{ jwksMaxAge: 300, propagation: 60, skew: 60, lease: 15 },
    purposes: {
      'token-signing': { rotationPeriod: 9999, longestLife: 600 },
      'refresh-mac': { rotationPeriod: 9999, longestLife: 600 },
      sealing: { rotationPeriod: 9999, longestLife: 600 },
    },
  },
}
