import { type Client, decideHolding, NOTHING, type Recorder, type Stores } from '@jotwarden/authority'
import {
  accountRecordsSuite,
  clientStoreSuite,
  codeStoreSuite,
  consentStoreSuite,
  type Driver,
  eventStoreSuite,
  holderRecordsSuite,
  keyRecordsSuite,
  loginStoreSuite,
  revocationLogSuite,
  sessionStoreSuite,
  storesSuite,
} from '@jotwarden/conformance'
import { createMemoryStores } from '@jotwarden/store-memory'
import { expect, test } from 'vitest'

test('the suites find nothing to say against a driver that keeps every promise', async () => {
  expect(await broken({ open: async () => createMemoryStores() })).toEqual([])
})

/** Drivers that break one promise each, and the claim that must notice. */
const breaches: readonly (readonly [string, string, (stores: Stores) => Stores])[] = [
  [
    'adds a client that is there',
    'ClientStore: of 50 concurrent adds',
    (stores) => ({
      ...stores,
      clients: { ...stores.clients, add: (...given) => stores.clients.add(...given).then(() => 'added') },
    }),
  ],
  [
    'adds of several clients those that it can',
    'ClientStore: addAll adds all or none',
    (stores) => ({
      ...stores,
      clients: {
        ...stores.clients,
        addAll: (issuer, clients, _, record) => stores.clients.addAll(issuer, clients, 'skip', record),
      },
    }),
  ],
  [
    'lets two callers replace one secret',
    'ClientStore: of 50 concurrent rotations of one secret',
    (stores) => ({
      ...stores,
      clients: {
        ...stores.clients,
        async rotateSecret(issuer, rotation, record) {
          for (;;) {
            const newest = (await stores.clients.find(issuer, rotation.client))?.secrets[0]
            const given = { ...rotation, replaces: newest?.id ?? '', endsAt: 0 }
            const outcome = await stores.clients.rotateSecret(issuer, given, record)
            if (outcome !== 'changed' || newest === undefined) return outcome
          }
        },
      },
    }),
  ],
  [
    'replaces a secret and leaves the sessions that were to end',
    'ClientStore: rotateSecret that ends grants',
    (stores) => ({
      ...stores,
      clients: {
        ...stores.clients,
        rotateSecret: (issuer, rotation, record) =>
          stores.clients.rotateSecret(issuer, { ...rotation, endsGrants: false }, record),
      },
    }),
  ],
  [
    'ends the last secret',
    'ClientStore: endSecret ends one of two',
    (stores) => ({
      ...stores,
      clients: {
        ...stores.clients,
        endSecret: (...given) =>
          stores.clients.endSecret(...given).then((outcome) => (outcome === 'last' ? 'ended' : outcome)),
      },
    }),
  ],
  [
    'notes every use of a secret',
    'ClientStore: noteSecretUse keeps the first use',
    (stores) => ({
      ...stores,
      clients: {
        ...stores.clients,
        noteSecretUse: (issuer, client, secret, at) =>
          stores.clients.noteSecretUse(issuer, client, secret, at + 3600),
      },
    }),
  ],
  [
    'removes a client and leaves its sessions',
    'ClientStore: remove ends the sessions',
    (stores) => ({ ...stores, clients: { ...stores.clients, remove: async () => 'removed' } }),
  ],
  [
    'rehashes whatever hash is there',
    'AccountRecords: rehash replaces only',
    (stores) => ({
      ...stores,
      accounts: {
        ...stores.accounts,
        async rehash(issuer, subject, _, to) {
          const account = await stores.accounts.find(issuer, subject)
          return stores.accounts.rehash(issuer, subject, account?.passwordHash ?? '', to)
        },
      },
    }),
  ],
  [
    'adds of many those that are free',
    'AccountRecords: addAll adds all with their events, or none',
    (stores) => ({
      ...stores,
      accounts: {
        ...stores.accounts,
        async addAll(issuer, accounts, events) {
          const taken = []
          for (const account of accounts)
            if ((await stores.accounts.add(issuer, account, [])) === 'exists') taken.push(account)
          if (taken.length > 0) return { outcome: 'exists', taken }
          await stores.events.record(issuer, events)
          return { outcome: 'added' }
        },
      },
    }),
  ],
  [
    'forgets no imported hash',
    'AccountRecords: costliestImported gives',
    (stores) => {
      let costliest: string | undefined
      const costliestImported = async (issuer: string) => {
        costliest ??= await stores.accounts.costliestImported(issuer)
        return costliest
      }
      return { ...stores, accounts: { ...stores.accounts, costliestImported } }
    },
  ],
  [
    'erases the account and keeps its sessions',
    'AccountRecords: erase deletes every row',
    (stores) => ({
      ...stores,
      accounts: {
        ...stores.accounts,
        erase: (issuer, subject, record) => stores.accounts.remove(issuer, subject, 0, record),
      },
    }),
  ],
  [
    'ends a login and not what is under it',
    'LoginStore: end ends the login and the sessions',
    (stores) => ({
      ...stores,
      logins: {
        ...stores.logins,
        async end(issuer, id, now, record) {
          const stand = { ...STAND_IN, id: `${id}-end`, cookieHash: `${id}-end`, authTime: now }
          await stores.logins.start(issuer, stand, id, record('ended').events)
          return 'ended'
        },
      },
    }),
  ],
  [
    'ends logins of whoever owns them',
    'LoginStore: endOf ends those named',
    (stores) => ({
      ...stores,
      logins: {
        ...stores.logins,
        async endOf(issuer, subject, choice, cause, now, record) {
          const named = 'only' in choice ? choice.only : []
          for (const id of named) await stores.logins.end(issuer, id, now, () => NOTHING)
          return stores.logins.endOf(issuer, subject, choice, cause, now, record)
        },
      },
    }),
  ],
  [
    'takes a consent back and leaves the sessions',
    'ConsentStore: withdraw forgets the consent and ends',
    (stores) => ({
      ...stores,
      consents: {
        ...stores.consents,
        async withdraw(issuer, of, _, __, record) {
          const consent = await stores.consents.find(issuer, of.subject, of.client)
          await stores.revocation.append(issuer, record({ consent, sessions: [] }))
          return { consent, sessions: [] }
        },
      },
    }),
  ],
  [
    'keeps the first consent only',
    'ConsentStore: a later call widens',
    (stores) => ({
      ...stores,
      consents: {
        ...stores.consents,
        async give(issuer, consent, rev, events) {
          const before = await stores.consents.find(issuer, consent.subject, consent.client)
          return before === undefined ? stores.consents.give(issuer, consent, rev, events) : 'given'
        },
      },
    }),
  ],
  [
    'notices a replay and leaves the session of the first use',
    'CodeStore: redeem: replayed ends the session',
    (stores) => ({
      ...stores,
      codes: {
        ...stores.codes,
        async redeem(issuer, hash, session, now, record) {
          const used = (await stores.codes.find(issuer, hash))?.session
          if (typeof used !== 'string') return stores.codes.redeem(issuer, hash, session, now, record)
          await stores.revocation.append(issuer, record({ outcome: 'replayed', session: used }))
          return { outcome: 'replayed', session: used }
        },
      },
    }),
  ],
  [
    'gives uses of a key that it does not count',
    'KeyRecords: reserve: concurrent calls share',
    (stores) => ({
      ...stores,
      keys: { ...stores.keys, reserve: async (_issuer, _kid, count) => count },
    }),
  ],
  [
    'adds a third holder after it looked',
    'HolderRecords: add: of 20 concurrent calls for the last place',
    (stores) => ({
      ...stores,
      holders: {
        ...stores.holders,
        async add(issuer, holding, events) {
          const held = await stores.holders.list(issuer)
          const outcome = decideHolding(held, holding)
          if (outcome !== 'added') return outcome
          return stores.holders.add(issuer, { ...holding, because: holding.because ?? 'looked' }, events)
        },
      },
    }),
  ],
  [
    'forgets who left',
    'HolderRecords: remove: left',
    (stores) => ({
      ...stores,
      holders: { ...stores.holders, remove: async () => 'removed' },
    }),
  ],
  [
    'lets two callers move one generation',
    'SessionStore: rotate: of 100 concurrent calls',
    (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        async rotate(issuer, rotation, record) {
          const row = await stores.sessions.find(issuer, rotation.session)
          const current = { ...rotation, generation: row?.generation ?? 0, graceWindow: -1 }
          return stores.sessions.rotate(issuer, current, record)
        },
      },
    }),
  ],
  [
    'lists sessions oldest first',
    'SessionStore: list gives live sessions',
    (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        list: async (...given) => (await stores.sessions.list(...given)).toReversed(),
      },
    }),
  ],
  [
    'writes a row for each failure',
    'EventStore: 60 concurrent failures',
    (stores) => ({
      ...stores,
      events: {
        ...stores.events,
        record: (issuer, events) =>
          stores.events.record(
            issuer,
            events.map(({ aggregate: _, ...event }) => event),
          ),
      },
    }),
  ],
  [
    'answers a losing first start as a winning one',
    'KeyRecords: add: of 20 concurrent first starts',
    (stores) => ({
      ...stores,
      keys: { ...stores.keys, add: (...given) => stores.keys.add(...given).then(() => 'added') },
    }),
  ],
  [
    'adds keys whatever became of what was seen',
    'KeyRecords: add: with what was seen',
    (stores) => ({
      ...stores,
      keys: {
        ...stores.keys,
        add: (issuer, records, events) => stores.keys.add(issuer, records, events),
      },
    }),
  ],
  [
    'mixes issuers',
    "Stores: no call sees or changes another issuer's rows",
    (stores) => ({
      ...stores,
      sessions: { ...stores.sessions, find: (_, id) => stores.sessions.find('https://issuer.example', id) },
    }),
  ],
  [
    'writes before it asks the recorder',
    'Stores: sessions.rotate whose record throws',
    (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        async rotate(issuer, rotation, record) {
          const outcome = await stores.sessions.rotate(issuer, rotation, () => NOTHING)
          await stores.revocation.append(issuer, record(outcome))
          return outcome
        },
      },
    }),
  ],
  [
    'forgets the recorder',
    'SessionStore: end names every live session',
    (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        end: (issuer, selector, cause, now) => stores.sessions.end(issuer, selector, cause, now, nothing),
      },
    }),
  ],
  [
    'answers from memory of an earlier read',
    'Stores: a read sees every act',
    (stores) => {
      const seen = new Map<string, ReturnType<Stores['sessions']['find']>>()
      return {
        ...stores,
        sessions: {
          ...stores.sessions,
          find(issuer, id) {
            const known = seen.get(id) ?? stores.sessions.find(issuer, id)
            seen.set(id, known)
            return known
          },
        },
      }
    },
  ],
  [
    'hands out what it keeps',
    'Stores: what a caller does to what a read gave it',
    (stores) => {
      const kept = new Map<string, ReturnType<Stores['clients']['find']>>()
      return {
        ...stores,
        clients: {
          ...stores.clients,
          find(issuer, id) {
            const client = kept.get(id) ?? stores.clients.find(issuer, id)
            kept.set(id, client)
            return client
          },
        },
      }
    },
  ],
  [
    'keeps what it was handed',
    'Stores: what a caller does to a row it has handed in',
    (stores) => {
      const kept = new Map<string, Client>()
      return {
        ...stores,
        clients: {
          ...stores.clients,
          add(issuer, client, events) {
            kept.set(client.id, client)
            return stores.clients.add(issuer, client, events)
          },
          find: async (_, id) => kept.get(id),
        },
      }
    },
  ],
  [
    'ends nothing under a login whose row is gone',
    'LoginStore: end of a login whose row is gone',
    (stores) => ({
      ...stores,
      logins: {
        ...stores.logins,
        async end(issuer, _id, _now, record) {
          await stores.revocation.append(issuer, record('unknown'))
          return 'unknown'
        },
      },
    }),
  ],
  [
    'disables and leaves credentialVersion',
    'AccountRecords: every password change and disabling',
    (stores) => ({
      ...stores,
      accounts: {
        ...stores.accounts,
        async find(issuer, subject) {
          const account = await stores.accounts.find(issuer, subject)
          return account && { ...account, credentialVersion: 7 }
        },
      },
    }),
  ],
  [
    'prunes codes at their expiry',
    'CodeStore: redeem: a replay is noticed within ten minutes',
    (stores) => ({ ...stores, prune: (issuer, now, limit) => stores.prune(issuer, now + 600, limit) }),
  ],
  [
    'goes on after close',
    'Stores: close waits for the acts under way',
    (stores) => ({ ...stores, close: async () => undefined }),
  ],
]

test.each(breaches)('a driver that %s fails "%s…"', async (_, claim, breach) => {
  const failed = await broken({ open: async () => breach(createMemoryStores()) })
  expect(failed.filter((name) => name.startsWith(claim))).not.toEqual([])
})

/** The names of the claims that do not hold for the driver. */
async function broken(driver: Driver): Promise<readonly string[]> {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = []
  for (const suite of suites) suite(driver, { test: (name, run) => tests.push({ name, run }) })
  expect(new Set(tests.map(({ name }) => name)).size).toBe(tests.length)
  const failed: string[] = []
  for (const { name, run } of tests) await run().catch(() => failed.push(name))
  return failed
}

const nothing: Recorder<unknown> = () => NOTHING
const STAND_IN = {
  subject: 'usr_stand_in',
  amr: [],
  acr: null,
  rev: 0,
  device: null,
  earlier: [],
  expiresAt: 0,
  endedAt: null,
}

const suites = [
  clientStoreSuite,
  accountRecordsSuite,
  loginStoreSuite,
  revocationLogSuite,
  consentStoreSuite,
  codeStoreSuite,
  sessionStoreSuite,
  eventStoreSuite,
  holderRecordsSuite,
  keyRecordsSuite,
  storesSuite,
]
