import { inspect } from 'node:util'
import { Secret } from '@jotwarden/token'
import { createVerifier } from '@jotwarden/verifier'
import { followRevocations, type RevocationOptions } from '@jotwarden/verifier/revocation'
import { expect, test } from 'vitest'
import { audience } from '../loopback-issuer.ts'
import { CANARY, eventually, LoopbackFeed } from './loopback-feed.ts'

/** Every spelling in which the secret might leak. */
const spellings = [
  CANARY,
  'canary',
  encodeURIComponent(CANARY),
  btoa(`api:${encodeURIComponent(CANARY)}`),
  Buffer.from(CANARY).toString('base64'),
]

test('the secret is in no event, error, status or verifier, even when fetch fails and shows its request', async () => {
  const feed = await LoopbackFeed.start()
  feed.issuer.endpoints.introspection_endpoint = `${feed.issuer.origin}/introspect`
  feed.issuer.answers.set('/introspect', (_, response) => response.writeHead(401).end())
  const shown: unknown[] = [feed.events]
  const failing = feed.verifier(
    {},
    {
      timeout: 0.3,
      fetch: async (url, init) => {
        if (url.includes('/feed')) throw Object.assign(new Error(inspect(init, { depth: 9 })), { init })
        return fetch(url, init)
      },
    },
  )
  shown.push(failing, failing.revocation, await failing.ready().catch((error: unknown) => error))
  const auth = await failing.verify(await feed.issuer.mint(), { whenStale: 'allow' })
  shown.push(auth, await auth.requireFresh().catch((error: unknown) => error))
  const showing = feed.verifier(
    {},
    {
      timeout: 0.3,
      fetch: async (url, init) => {
        if (url.includes('/introspect')) throw new Error(inspect(init, { depth: 9 }))
        return fetch(url, init)
      },
    },
  )
  const other = await showing.verify(await feed.issuer.mint())
  shown.push(await other.requireFresh().catch((error: unknown) => error))
  feed.behaviour = (_, response) => response.writeHead(401).end(CANARY)
  for (const stream of feed.streams) stream.end()
  await eventually(() => expect(feed.seen('refused').length).toBeGreaterThan(1))
  shown.push(showing, showing.revocation)

  expect(feed.events.length).toBeGreaterThan(3)
  for (const text of [inspect(shown, { depth: 12, showHidden: true }), JSON.stringify(shown)])
    for (const spelling of spellings) expect(text).not.toContain(spelling)
})

test('the secret is in no fault of an option', () => {
  const issuer = 'https://issuer.example'
  const wrong: object[] = [
    { clientId: '', clientSecret: CANARY },
    { clientId: 'api', clientSecret: CANARY, maxStaleness: 0 },
    { clientId: 'api', clientSecret: CANARY, feedEndpoint: `https://api:${CANARY}@issuer.example/` },
    { clientId: 'api', clientSecret: [CANARY] },
    { clientId: 'api', clientSecret: CANARY, secret: CANARY },
  ]
  for (const revocation of wrong) {
    let fault: unknown
    try {
      createVerifier({ issuer, audience, revocation: followRevocations(revocation as RevocationOptions) })
    } catch (error) {
      fault = error
    }
    expect(fault).toMatchObject({ code: 'verifier/options' })
    expect(inspect(fault, { depth: 9 })).not.toContain('canary')
  }
})

test('a Secret is taken as it is', async () => {
  const feed = await LoopbackFeed.start()
  await feed.streaming({ clientSecret: Secret.fromText(CANARY) })
  await feed.streaming()
  expect(feed.asks[0]?.authorization).toBe(feed.asks[1]?.authorization)
})
