import { firstOfEpoch } from '@jotwarden/policy'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FeedReader, told } from './feed-reader.ts'
import { type FeedWorld, feedWorld } from './feed-world.ts'

// Time stands still until a test moves it.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000)

describe('a stream ends', () => {
  test('when its reader goes, and takes the loop along', async () => {
    const made = await feedWorld({ feed: { streams: 2 } })
    const readers = [await made.follow(), await made.follow()]
    await pass(0.5)
    expect((await made.feed()).status).toBe(503)
    await readers[0]?.cancel()
    await pass(0.5)
    expect(told(readers[1]?.messages ?? []).position).toBe(0)
    const third = await made.follow()
    for (const reader of [readers[1], third]) await reader?.cancel()
    await pass(1)
    const { length } = made.tap.readings
    await pass(10)
    expect(made.tap.readings).toHaveLength(length)
    expect(vi.getTimerCount()).toBe(0)
    const again = await made.follow()
    await pass(3.5)
    expect(again.messages.length).toBeGreaterThanOrEqual(4)
  })

  test('when the server closes, which then opens no more', async () => {
    const made = await feedWorld()
    const [reader, slow] = [await made.follow(), new FeedReader(await made.feed())]
    await pass(0.5)
    made.server.close()
    await pass(0.1)
    expect(reader.messages.at(-1)).toEqual({ type: 'end' })
    expect((await slow.toEnd()).at(-1)).toEqual({ type: 'end' })
    expect(vi.getTimerCount()).toBe(0)
    const answer = await made.feed()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect((await made.ask('/jwks.json')).status).toBe(200)
  })

  test('after ten minutes and some seconds, on purpose', async () => {
    const made = await feedWorld({ changes: () => 1 })
    const reader = await made.follow()
    await pass(599)
    expect(reader.isOver).toBe(false)
    await pass(33)
    expect(reader.isOver).toBe(true)
    expect(reader.messages.at(-1)).toEqual({ type: 'end' })
    expect(reader.messages.length).toBeGreaterThan(595)
  })

  test('when its client was removed, and no other does', async () => {
    const made = await feedWorld()
    const [removed, other] = [await made.follow('', 'mail'), await made.follow('', 'api')]
    await pass(0.5)
    await made.authority.clients.remove('mail')
    await pass(1)
    expect(removed.messages.at(-1)).toEqual({ type: 'end' })
    expect(removed.isOver).toBe(true)
    expect(other.isOver).toBe(false)
    expect((await made.feed('', 'mail')).status).toBe(401)
  })

  test('when the secret that opened it has ended, and those of the new one go on', async () => {
    const made = await feedWorld()
    const old = await made.follow()
    const { secret } = await made.authority.clients.rotateSecret('api', { overlap: 600 })
    const answer = await made.ask('/revocations', { headers: basicOf('api', secret.revealText()) })
    const fresh = new FeedReader(answer).follow()
    await pass(5)
    expect([old.isOver, fresh.isOver, (await made.feed('?mode=poll')).status]).toEqual([false, false, 200])
    made.time.now += 600
    await pass(1.1)
    expect([old.isOver, old.messages.at(-1)]).toEqual([true, { type: 'end' }])
    expect(fresh.isOver).toBe(false)
    expect((await made.feed()).status).toBe(401)
    await made.authority.clients.rotateSecret('api', { overlap: 0 })
    await pass(1.1)
    expect(fresh.isOver).toBe(true)
  })

  test('when the log began another epoch, and the next answer is a snapshot', async () => {
    const made = await feedWorld()
    await made.mark(2)
    const reader = await made.follow()
    await pass(0.5)
    const { issuer, time } = made
    const wide = {
      kind: 'issuer',
      id: issuer,
      cause: 'restored',
      at: time.now,
      expiresAt: null,
      owner: null,
    } as const
    await made.stores.revocation.beginEpoch(
      issuer,
      { epoch: 1, latestExp: time.now + 600, pulse: 0 },
      { events: [], marks: [wide] },
    )
    await pass(0.02)
    expect(reader.messages.at(-1)).toEqual({ type: 'end' })
    expect(told(reader.messages).position).toBe(2)
    const next = await made.follow('?after=2')
    await pass(0)
    expect(next.messages[0]).toMatchObject({ mode: 'snapshot' })
    expect(told(next.messages).position).toBe(firstOfEpoch(1) + 1)
  })
})

function basicOf(client: string, secret: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` }
}

describe('there are at most', () => {
  async function fill(made: FeedWorld, count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += 1) expect((await made.feed()).status).toBe(200)
  }

  test('as many streams as the server was told', async () => {
    const made = await feedWorld({ feed: { streams: 3 } })
    await fill(made, 3)
    const answer = await made.feed('', 'mail')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' })
  })

  test('100 of one client, and others are not kept out by it', async () => {
    const made = await feedWorld()
    await fill(made, 100)
    expect((await made.feed()).status).toBe(503)
    expect((await made.feed('?mode=poll')).status).toBe(503)
    expect((await made.feed('', 'mail')).status).toBe(200)
  })

  test('as many as are open: a poll that is over has no place', async () => {
    const made = await feedWorld({ feed: { streams: 1 } })
    for (let asked = 0; asked < 5; asked += 1) expect((await made.feed('?mode=poll')).status).toBe(200)
  })
})
