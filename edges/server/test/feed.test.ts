import { firstOfEpoch } from '@jotwarden/policy'
import { describe, expect, test } from 'vitest'
import { FeedReader, told } from './feed-reader.ts'
import { type FeedWorld, feedWorld } from './feed-world.ts'

async function poll(made: FeedWorld, after?: number) {
  const query = after === undefined ? '' : `&after=${after}`
  return new FeedReader(await made.feed(`?mode=poll${query}`)).toEnd()
}

describe('GET /revocations', () => {
  test('answers lines of JSON that nobody keeps or holds back', async () => {
    const { feed } = await feedWorld()
    const answer = await feed('?mode=poll')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(await answer.text()).toMatch(
      /^\{"type":"hello","v":1,"issuer":"https:\/\/auth.example.com","mode":"snapshot","after":0,"heartbeat":1\}\n\{"type":"head","number":0,"asOf":[\d.]+\}\n$/,
    )
  })

  test('asks who comes without a credential, or with a wrong one, for it', async () => {
    const { ask } = await feedWorld()
    const wrong = { authorization: `Basic ${btoa('api:wrong')}` }
    for (const headers of [{}, wrong]) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask('/revocations', { method, headers })
        expect(answer.status).toBe(401)
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
      }
    }
  })

  test('refuses a client that is no resource server', async () => {
    const answer = await (await feedWorld()).feed('', 'shop')
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'unauthorized_client'])
  })

  for (const query of [
    'after=-1',
    'after=+1',
    'after=01',
    'after=1.0',
    'after=1e3',
    'after=0x1',
    'after=',
    'after=%201',
    'after=9007199254740992',
    'after=99999999999999999',
    'after=1&after=1',
    'mode=poll&mode=poll',
    'mode=Stream',
    'mode=',
    'limit=1',
    'mode=poll&x',
  ]) {
    test(`refuses ?${query} with invalid_request`, async () => {
      const made = await feedWorld()
      const answer = await made.feed(`?${query}`)
      expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_request'])
      expect(made.tap.readings).toEqual([])
    })
  }

  test('takes the greatest number that is counted exactly', async () => {
    const answer = await (await feedWorld()).feed('?mode=poll&after=9007199254740991')
    expect(answer.status).toBe(200)
  })

  test('HEAD has the headers, and opens nothing', async () => {
    const made = await feedWorld({ feed: { streams: 1 } })
    const head = { method: 'HEAD', headers: made.basic('api') }
    for (let asked = 0; asked < 3; asked += 1) {
      const answer = await made.ask('/revocations', head)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
      expect(await answer.text()).toBe('')
    }
    expect(made.tap.readings).toEqual([])
    expect((await made.feed('?mode=poll')).status).toBe(200)
  })

  test('that cannot read the log is 503 with Retry-After, and keeps no place', async () => {
    const made = await feedWorld({ feed: { streams: 1 } })
    made.tap.beforeRead = () => Promise.reject(new Error('the disk is gone'))
    for (let asked = 0; asked < 2; asked += 1) {
      const answer = await made.feed()
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' })
    }
    made.tap.beforeRead = async () => {}
    expect((await made.feed('?mode=poll')).status).toBe(200)
  })
})

describe('a poll', () => {
  test('of somebody who has nothing tells everything', async () => {
    const made = await feedWorld()
    await made.authority.revocation.revokeTokenId('the-jti')
    await made.mark(1)
    const messages = await poll(made)
    expect(messages).toEqual([
      expect.objectContaining({ type: 'hello', mode: 'snapshot', after: 0, issuer: made.issuer }),
      {
        type: 'marks',
        previous: 0,
        number: 2,
        marks: [expect.objectContaining({ kind: 'token', id: 'the-jti', number: 1 }), expect.anything()],
      },
      { type: 'head', number: 2, asOf: expect.any(Number) },
    ])
  })

  test('of somebody who has something tells what follows', async () => {
    const made = await feedWorld()
    await made.mark(5)
    const messages = await poll(made, 3)
    expect(messages[0]).toMatchObject({ mode: 'resume', after: 3 })
    expect(told(messages).marks.map(({ number }) => number)).toEqual([4, 5])
  })

  test('of somebody who has everything tells only that', async () => {
    const made = await feedWorld()
    await made.mark(2)
    expect(await poll(made, 2)).toEqual([
      expect.objectContaining({ type: 'hello', mode: 'resume', after: 2 }),
      { type: 'head', number: 2, asOf: expect.any(Number) },
    ])
  })

  test('from above the head tells everything', async () => {
    const made = await feedWorld()
    await made.mark(2)
    const messages = await poll(made, 3)
    expect(messages[0]).toMatchObject({ mode: 'snapshot', after: 0 })
    expect(told(messages)).toMatchObject({ position: 2, marks: [{ number: 1 }, { number: 2 }] })
  })

  test('from below the floor tells everything that is left, and from the floor what follows', async () => {
    const made = await feedWorld()
    await made.mark(3, { expiresAt: made.time.now + 1 })
    await made.mark(2)
    await made.stores.prune(made.issuer, made.time.now + 302, 100)
    expect((await made.authority.revocation.head()).floor).toBe(3)
    const below = await poll(made, 2)
    expect(below[0]).toMatchObject({ mode: 'snapshot', after: 0 })
    expect(told(below)).toMatchObject({ position: 5, marks: [{ number: 4 }, { number: 5 }] })
    const on = await poll(made, 3)
    expect(on[0]).toMatchObject({ mode: 'resume', after: 3 })
    expect(told(on)).toMatchObject({ position: 5, marks: [{ number: 4 }, { number: 5 }] })
  })

  test('reaches the head over numbers whose marks are all forgotten', async () => {
    const made = await feedWorld()
    await made.mark(3, { expiresAt: made.time.now + 1 })
    await made.stores.prune(made.issuer, made.time.now + 302, 100)
    expect((await poll(made)).slice(1)).toEqual([
      { type: 'marks', previous: 0, number: 3, marks: [] },
      { type: 'head', number: 3, asOf: expect.any(Number) },
    ])
  })

  test('reaches the head over a last mark that is forgotten', async () => {
    const made = await feedWorld()
    await made.mark(1)
    await made.mark(1, { expiresAt: made.time.now + 1 })
    await made.stores.prune(made.issuer, made.time.now + 302, 100)
    expect((await poll(made)).slice(1)).toEqual([
      { type: 'marks', previous: 0, number: 2, marks: [expect.objectContaining({ number: 1 })] },
      { type: 'head', number: 2, asOf: expect.any(Number) },
    ])
  })

  test('from another epoch tells everything, also the same number of an earlier one', async () => {
    const made = await feedWorld()
    await made.mark(2)
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
    const messages = await poll(made, 2)
    expect(messages[0]).toMatchObject({ mode: 'snapshot', after: 0 })
    expect(told(messages).position).toBe(firstOfEpoch(1) + 1)
    expect(told(messages).marks.at(-1)).toMatchObject({ kind: 'issuer', id: issuer })
    expect((await poll(made, firstOfEpoch(1) + 1))[0]).toMatchObject({ mode: 'resume' })
    expect((await poll(made, firstOfEpoch(2)))[0]).toMatchObject({ mode: 'snapshot' })
  })

  test('tells no more than 1000 marks a line, and its head last', async () => {
    const made = await feedWorld()
    await made.mark(1000)
    expect((await poll(made)).map(({ type }) => type)).toEqual(['hello', 'marks', 'head'])
    expect(made.tap.readings).toEqual([0])
    await made.mark(1500)
    const messages = await poll(made)
    const lines = messages.flatMap((message) => (message.type === 'marks' ? [message.marks.length] : []))
    expect(lines).toEqual([1000, 1000, 500])
    expect(told(messages).marks.map(({ number }) => number)).toEqual(
      Array.from({ length: 2500 }, (_, i) => i + 1),
    )
    expect(messages.at(-1)).toMatchObject({ type: 'head', number: 2500 })
    expect(messages.filter(({ type }) => type === 'head')).toHaveLength(1)
  })

  test('leaves no gap when marks come between its pages', async () => {
    const made = await feedWorld()
    await made.mark(2000)
    made.tap.beforeRead = async () => {
      if (made.tap.readings.length < 5) await made.mark(300)
    }
    const { position, marks } = told(await poll(made))
    expect(position).toBe((await made.authority.revocation.head()).number)
    expect(marks.map(({ number }) => number)).toEqual(Array.from({ length: position }, (_, i) => i + 1))
  })
})
