import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { challengeResponse } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { eventually, LoopbackFeed } from './loopback-feed.ts'

const child = fileURLToPath(new URL('closing-child.ts', import.meta.url))

describe('close()', () => {
  test('ends the stream and the timers, and nothing begins anew', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming()
    expect(feed.streams.size).toBe(1)
    await verifier.close()
    expect(verifier.revocation?.state()).toBe('idle')
    await eventually(() => expect(feed.streams.size).toBe(0))
    expect(feed.seen('disconnected')).toEqual([{ type: 'disconnected', reason: 'closed' }])
    const asked = feed.issuer.asked.length
    expect(await refusal(verifier.verify(await feed.issuer.mint()))).toBe('verifier/closed')
    expect(await refusal(verifier.ready())).toBe('verifier/closed')
    expect(feed.issuer.asked).toHaveLength(asked)
    await verifier.close()
  })

  test('ends what is under way with verifier/closed: the first sync, the keys, an introspection', async () => {
    const feed = await LoopbackFeed.start()
    feed.behaviour = () => undefined
    const waiting = feed.verifier()
    const verified = refusal(waiting.verify(await feed.issuer.mint()))
    const ready = refusal(waiting.ready())
    await eventually(() => expect(feed.streams.size).toBe(1))
    await waiting.close()
    expect([await verified, await ready]).toEqual(['verifier/closed', 'verifier/closed'])

    feed.issuer.answers.set('/jwks', () => undefined)
    const loading = feed.verifier()
    const loaded = refusal(loading.verify(await feed.issuer.mint()))
    await eventually(() => expect(feed.issuer.loads).toBe(2))
    await loading.close()
    expect(await loaded).toBe('verifier/closed')
  })

  test('ends an introspection', async () => {
    const feed = await LoopbackFeed.start()
    feed.issuer.endpoints.introspection_endpoint = `${feed.issuer.origin}/introspect`
    feed.issuer.answers.set('/introspect', () => undefined)
    const verifier = await feed.streaming()
    const auth = await verifier.verify(await feed.issuer.mint())
    const fresh = refusal(auth.requireFresh())
    await eventually(() => expect(feed.issuer.asked).toContain('/introspect'))
    await verifier.close()
    expect(await fresh).toBe('verifier/closed')
    expect(await refusal(auth.requireFresh())).toBe('verifier/closed')
  })

  test('before anything began, and between two attempts', async () => {
    const feed = await LoopbackFeed.start()
    const idle = feed.verifier()
    await idle.close()
    expect(await refusal(idle.verify('x'))).toBe('verifier/closed')
    feed.behaviour = (_, response) => response.writeHead(401).end()
    const refused = feed.verifier({}, { timeout: 0.2 })
    await refusal(refused.ready())
    expect(refused.revocation?.state()).toBe('waiting')
    await refused.close()
    expect(refused.revocation?.state()).toBe('idle')
    expect(feed.issuer.asked.filter((path) => path.startsWith('/feed'))).toHaveLength(1)
  })

  test('a fetch that heeds no signal does not hold it up', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = feed.verifier(
      {},
      { fetch: (url, init) => fetch(url, { ...init, signal: null }), timeout: 20 },
    )
    feed.behaviour = () => undefined
    const verified = refusal(verifier.verify(await feed.issuer.mint()))
    await eventually(() => expect(feed.streams.size).toBe(1))
    await verifier.close()
    expect(await verified).toBe('verifier/closed')
  })

  test('also closes a verifier without revocation, and is what `await using` calls', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    expect(verifier.revocation).toBeNull()
    await verifier[Symbol.asyncDispose]()
    const error = await verifier.verify(token).catch((caught: unknown) => caught)
    expect(challengeResponse(error).status).toBe(503)
  })

  test('lets the process end', async () => {
    const feed = await LoopbackFeed.start()
    const now = Date.now() / 1000
    const token = await feed.issuer.mint({ iat: now, exp: now + 600 })
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=jotwarden-source', child, feed.issuer.issuer, token],
      { timeout: 20_000 },
    )
    // A process that had to be killed at the timeout would reject
    expect((await run).stdout).toBe('user-1 streaming idle\n')
  })
})
