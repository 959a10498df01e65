import { equal } from 'node:assert/strict'
import { type Client, NOTHING, noted, type Stores } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleClient,
  sampleCode,
  sampleEvent,
  sampleLogin,
  sampleSecret,
  sampleSecretRotation,
  sampleSession,
  T0,
} from './samples.ts'

/** What `ClientStore` promises of secrets. */
export function clientSecrets(claim: Claim): void {
  rotation(claim)
  racing(claim)
  grants(claim)
  ending(claim)
  uses(claim)
}

function rotation(claim: Claim): void {
  claim('rotateSecret puts the fresh one first and ends the one before on the date given', async (stores) => {
    const { client, newest } = await registered(stores)
    const fresh = sampleSecret({ createdAt: T0 + 5.25 })
    const given = sampleSecretRotation({ client: client.id, replaces: newest.id, fresh, endsAt: T0 + 600.5 })
    equal(await stores.clients.rotateSecret(ISSUER, given, () => NOTHING), 'rotated')
    same(await stores.clients.find(ISSUER, client.id), {
      ...client,
      secrets: [fresh, { ...newest, endsAt: T0 + 600.5 }],
    })
    same((await stores.clients.list(ISSUER))[0]?.secrets, [fresh, { ...newest, endsAt: T0 + 600.5 }])
  })

  claim('rotateSecret refuses while two are valid, and not when all are to end at once', async (stores) => {
    const before = [sampleSecret(), sampleSecret({ endsAt: T0 + 100 })] as const
    const { client } = await registered(stores, before)
    const given = sampleSecretRotation({ client: client.id, replaces: before[0].id })
    equal(await stores.clients.rotateSecret(ISSUER, given, () => NOTHING), 'overlapping')
    same((await stores.clients.find(ISSUER, client.id))?.secrets, before)
    const later = { ...given, now: T0 + 100 }
    equal(await stores.clients.rotateSecret(ISSUER, later, () => NOTHING), 'rotated')
    const again = sampleSecretRotation({
      client: client.id,
      replaces: given.fresh.id,
      endsAt: T0 + 101,
      now: T0 + 101,
    })
    equal(await stores.clients.rotateSecret(ISSUER, again, () => NOTHING), 'rotated')
    const secrets = (await stores.clients.find(ISSUER, client.id))?.secrets ?? []
    same(secrets, [again.fresh, { ...given.fresh, endsAt: T0 + 101 }])
  })

  claim('rotateSecret of a client that is unknown, or has no secret, changes nothing', async (stores) => {
    const { client } = await registered(stores, [])
    const given = { replaces: 'none' }
    const unknown = sampleSecretRotation({ client: 'nobody', ...given })
    equal(await stores.clients.rotateSecret(ISSUER, unknown, () => NOTHING), 'unknown')
    const without = sampleSecretRotation({ client: client.id, ...given })
    equal(await stores.clients.rotateSecret(ISSUER, without, () => NOTHING), 'changed')
    same(await stores.clients.list(ISSUER), [client])
  })
}

function racing(claim: Claim): void {
  claim(
    'of 50 concurrent rotations of one secret exactly one is rotated, and each is recorded',
    async (stores) => {
      const { client, newest } = await registered(stores)
      const fresh = Array.from({ length: 50 }, () => sampleSecret())
      const answers = await race(50, (caller) =>
        stores.clients.rotateSecret(
          ISSUER,
          sampleSecretRotation({
            client: client.id,
            replaces: newest.id,
            fresh: fresh[caller] ?? sampleSecret(),
            // Some would end all at once, which the overlap of two would not stop
            endsAt: caller % 2 === 0 ? T0 : T0 + 600,
          }),
          (outcome) => noted(sampleEvent({ type: 'client-secret-rotated', cause: outcome })),
        ),
      )
      same(tally(answers), { rotated: 1, changed: 49 })
      const secrets = (await stores.clients.find(ISSUER, client.id))?.secrets ?? []
      same(
        secrets.map(({ id }) => id),
        [fresh[answers.indexOf('rotated')]?.id, newest.id],
      )
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(tally(events.map(({ cause }) => cause ?? '')), { rotated: 1, changed: 49 })
    },
  )
}

function grants(claim: Claim): void {
  claim('rotateSecret that ends grants ends sessions and voids codes of the client alone', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    const [aimed, spared] = [await registered(stores), await registered(stores)]
    const held = async ({ client }: { readonly client: Client }) => {
      const session = sampleSession({ client: client.id })
      const code = sampleCode({ login: login.id, client: client.id })
      await stores.sessions.start(ISSUER, session, [])
      await stores.codes.issue(ISSUER, code, [])
      return { session: session.id, code: code.hash }
    }
    const [gone, kept] = [await held(aimed), await held(spared)]
    for (const { client, newest } of [spared, aimed]) {
      const given = sampleSecretRotation({ client: client.id, replaces: newest.id, endsAt: T0, now: T0 + 5 })
      const endsGrants = client === aimed.client
      await stores.clients.rotateSecret(ISSUER, { ...given, endsGrants }, () => NOTHING)
    }
    const found = async ({ session }: { readonly session: string }) => {
      const row = await stores.sessions.find(ISSUER, session)
      return [row?.endedAt, row?.endCause]
    }
    same(
      [await found(gone), await found(kept)],
      [
        [T0 + 5, 'secret-replaced'],
        [null, null],
      ],
    )
    const redeemed = async ({ code }: { readonly code: string }) =>
      (await stores.codes.redeem(ISSUER, code, sampleSession(), T0 + 6, () => NOTHING)).outcome
    same([await redeemed(gone), await redeemed(kept)], ['refused', 'redeemed'])
  })
}

function ending(claim: Claim): void {
  claim('endSecret ends one of two valid secrets, and never the last', async (stores) => {
    const [newer, older] = [sampleSecret(), sampleSecret({ endsAt: T0 + 600 })]
    const { client } = await registered(stores, [newer, older])
    const end = (secret: string, now: number) =>
      stores.clients.endSecret(ISSUER, { client: client.id, secret, now }, () => NOTHING)
    equal(await end('nothing', T0), 'unknown')
    equal(await end(older.id, T0 + 1), 'ended')
    equal(await end(older.id, T0 + 2), 'already')
    equal(await end(newer.id, T0 + 2), 'last')
    same((await stores.clients.find(ISSUER, client.id))?.secrets, [newer, { ...older, endsAt: T0 + 1 }])
  })

  claim('of concurrent calls that would end both secrets one is refused as the last', async (stores) => {
    const both = [sampleSecret(), sampleSecret()] as const
    const { client } = await registered(stores, both)
    const answers = await race(2, (caller) =>
      stores.clients.endSecret(
        ISSUER,
        { client: client.id, secret: both[caller]?.id ?? '', now: T0 },
        () => NOTHING,
      ),
    )
    same(tally(answers), { ended: 1, last: 1 })
  })
}

function uses(claim: Claim): void {
  claim('noteSecretUse keeps the first use within an hour, of that secret alone', async (stores) => {
    const { client, newest } = await registered(stores, [sampleSecret(), sampleSecret()])
    const noted = async (at: number) => {
      await stores.clients.noteSecretUse(ISSUER, client.id, newest.id, at)
      return (await stores.clients.find(ISSUER, client.id))?.secrets.map(({ usedAt }) => usedAt)
    }
    same(await noted(T0 + 0.5), [T0 + 0.5, null])
    same(await noted(T0 + 3599), [T0 + 0.5, null])
    same(await noted(T0 + 3601), [T0 + 3601, null])
    equal(await stores.clients.noteSecretUse(ISSUER, client.id, 'gone', T0), undefined)
    equal(await stores.clients.noteSecretUse(ISSUER, 'nobody', newest.id, T0), undefined)
  })

  claim('a use that races a rotation takes nothing of it back', async (stores) => {
    const { client, newest } = await registered(stores)
    const given = sampleSecretRotation({ client: client.id, replaces: newest.id })
    await race(10, (caller): Promise<unknown> => {
      if (caller === 5) return stores.clients.rotateSecret(ISSUER, given, () => NOTHING)
      return stores.clients.noteSecretUse(ISSUER, client.id, newest.id, T0 + 3600 * caller)
    })
    const secrets = (await stores.clients.find(ISSUER, client.id))?.secrets ?? []
    same(
      secrets.map(({ id, endsAt }) => [id, endsAt]),
      [
        [given.fresh.id, null],
        [newest.id, given.endsAt],
      ],
    )
  })
}

async function registered(stores: Stores, secrets: Client['secrets'] = [sampleSecret()]) {
  const client = sampleClient({ secrets })
  await stores.clients.add(ISSUER, client, [])
  return { client, newest: secrets[0] ?? sampleSecret() }
}
