import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FeedReader, told } from './feed-reader.ts'
import { feedWorld } from './feed-world.ts'

// Time stands still until a test moves it.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000)

describe('a stream', () => {
  test('begins with what there is, and tells each mark within a moment, then the head', async () => {
    const made = await feedWorld()
    await made.mark(2)
    const reader = await made.follow()
    await pass(0)
    expect(reader.taken().map(({ type }) => type)).toEqual(['hello', 'marks', 'head'])
    await made.mark(1)
    await pass(0.02)
    expect(reader.taken()).toEqual([
      { type: 'marks', previous: 2, number: 3, marks: [expect.objectContaining({ number: 3 })] },
      { type: 'head', number: 3, asOf: expect.closeTo(0.02, 2) },
    ])
  })

  test('without marks tells a head each second, each of a reading of its own', async () => {
    const made = await feedWorld({ changes: () => 1 })
    const reader = await made.follow()
    await pass(0.9)
    reader.taken()
    made.tap.readings.length = 0
    await pass(10)
    const heads = reader.taken()
    expect(heads).toHaveLength(10)
    heads.forEach((head, i) => {
      expect(head).toEqual({ type: 'head', number: 0, asOf: expect.closeTo(i + 1, 0) })
    })
    expect(made.tap.readings).toHaveLength(10)
  })

  test('says how often heads come, and keeps to it', async () => {
    const made = await feedWorld({ feed: { heartbeat: 0.25 }, changes: () => 1 })
    const reader = await made.follow()
    await pass(10)
    expect(reader.messages[0]).toMatchObject({ heartbeat: 0.25 })
    expect(reader.messages.length).toBeGreaterThan(36)
  })

  test('shares its readings with all the others that have come as far', async () => {
    const made = await feedWorld({ changes: () => 1 })
    const readers = await Promise.all(Array.from({ length: 50 }, () => made.follow()))
    await pass(0.5)
    made.tap.readings.length = 0
    await pass(10)
    expect(made.tap.readings).toHaveLength(10)
    for (const reader of readers) expect(reader.messages.length).toBeGreaterThanOrEqual(11)
  })

  test('goes on by what the store says of changes', async () => {
    let version = (): number => 0
    const made = await feedWorld({ changes: () => version() })
    version = () => made.stores.dataVersion()
    const reader = await made.follow()
    await pass(0.5)
    reader.taken()
    await made.authority.sessions.end({ subject: made.subject })
    await made.mark(1)
    await pass(0.02)
    expect(reader.taken().map(({ type }) => type)).toEqual(['marks', 'head'])
  })

  test('misses no mark that comes while others do, wherever it began', async () => {
    const made = await feedWorld()
    await made.mark(1500)
    made.tap.beforeRead = async () => {
      if (made.tap.readings.length % 2 === 0) await made.mark(7)
      await Promise.resolve()
      if (made.tap.readings.length % 3 === 0) await made.mark(2)
    }
    const readers = [await made.follow(), await made.follow('?after=1499')]
    for (let round = 0; round < 40; round += 1) {
      await made.mark(round)
      await pass(0.01)
      if (round % 8 === 0) readers.push(await made.follow(`?after=${round * 10}`))
    }
    made.tap.beforeRead = async () => {}
    await pass(1.1)
    const { number } = await made.authority.revocation.head()
    for (const { messages } of readers) {
      const { position, marks } = told(messages)
      const [hello] = messages
      const from = hello?.type === 'hello' ? hello.after : -1
      expect(position).toBe(number)
      expect(marks.map((mark) => mark.number)).toEqual(
        Array.from({ length: number - from }, (_, i) => from + i + 1),
      )
    }
  })

  test('is told at once of what came while it was being opened, and was told to others', async () => {
    let version = (): number => 0
    const made = await feedWorld({ changes: () => version() })
    version = () => made.stores.dataVersion()
    const early = await made.follow()
    await pass(0.5)
    const { promise, resolve } = Promise.withResolvers<void>()
    made.tap.afterRead = () => {
      made.tap.afterRead = async () => {}
      return promise
    }
    const opening = made.follow()
    await pass(0)
    await made.mark(1)
    await pass(0.1)
    expect(told(early.messages).position).toBe(1)
    resolve()
    const late = await opening
    await pass(0.02)
    expect(told(late.messages).position).toBe(1)
  })

  test('is told to the access log when it begins', async () => {
    const made = await feedWorld()
    await made.feed()
    expect(made.log).toEqual(['info: request answered'])
  })
})

describe('while the log cannot be read, a stream', () => {
  const outages: readonly (readonly [name: string, which: 'beforeRead' | 'beforeMayRead', hangs: boolean])[] =
    [
      ['a reading fails', 'beforeRead', false],
      ['a reading hangs', 'beforeRead', true],
      ['the client cannot be looked up', 'beforeMayRead', false],
      ['the looking up of the client hangs', 'beforeMayRead', true],
    ]
  for (const [name, which, hangs] of outages) {
    test(`is silent, warns once, and goes on afterwards: ${name}`, async () => {
      const made = await feedWorld({ changes: () => 1 })
      const reader = await made.follow()
      await pass(1.5)
      expect(reader.taken().map(({ type }) => type)).toEqual(['hello', 'head', 'head'])
      made.log.length = 0
      const { promise, resolve } = Promise.withResolvers<void>()
      let asked = 0
      made.tap[which] = () => {
        asked += 1
        return hangs ? promise : Promise.reject(new Error('the disk is gone'))
      }
      await pass(30)
      expect(reader.taken()).toEqual([])
      expect(made.log).toEqual(['warn: the revocation log cannot be read: the feed is silent'])
      // What hangs is not asked again
      expect(asked).toBe(hangs ? 1 : asked)
      expect(asked).toBeGreaterThan(0)
      expect(asked).toBeLessThan(200)

      made.tap[which] = async () => {}
      resolve()
      await pass(1.1)
      expect(reader.messages.length).toBeGreaterThan(0)
      expect(reader.taken().every(({ type }) => type === 'head')).toBe(true)
      expect(made.log.slice(1)).toEqual(['info: the revocation log can be read again'])
    })
  }

  test('tells of a reading that hung no more than was true when it began', async () => {
    const made = await feedWorld({ changes: () => 1 })
    const reader = await made.follow()
    await pass(0.5)
    reader.taken()
    const { promise, resolve } = Promise.withResolvers<void>()
    made.tap.beforeRead = () => promise
    await pass(20)
    made.tap.beforeRead = async () => {}
    resolve()
    await pass(0)
    const [late] = reader.taken()
    expect(late).toEqual({ type: 'head', number: 0, asOf: expect.closeTo(1, 1) })
  })

  test('still ends when the server closes', async () => {
    const made = await feedWorld()
    const reader = await made.follow()
    await pass(0.1)
    made.tap.beforeRead = () => new Promise(() => {})
    await pass(1)
    made.server.close()
    await pass(0)
    expect(reader.messages.at(-1)).toEqual({ type: 'end' })
    expect(reader.isOver).toBe(true)
  })

  test('cannot be opened: after five seconds it is 503', async () => {
    const made = await feedWorld()
    made.tap.beforeRead = () => new Promise(() => {})
    const asked = made.feed()
    await pass(5)
    const answer = await asked
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  })
})

describe('a slow reader', () => {
  test('holds up nobody, finds one reading waiting, and gets what is new by then next', async () => {
    const made = await feedWorld()
    const [fast, slow] = [await made.follow(), new FeedReader(await made.feed())]
    for (let second = 0; second < 30; second += 1) {
      await made.mark(1)
      await pass(1)
    }
    expect(told(fast.messages).position).toBe(30)
    expect(fast.messages.filter(({ type }) => type === 'marks')).toHaveLength(30)

    slow.follow()
    await pass(0.01)
    expect(slow.taken()).toEqual([
      expect.objectContaining({ type: 'hello' }),
      { type: 'head', number: 0, asOf: 0 },
      { type: 'marks', previous: 0, number: 30, marks: expect.any(Array) },
      { type: 'head', number: 30, asOf: expect.closeTo(30, 1) },
    ])
    await pass(5)
    expect(slow.taken()).toHaveLength(5)
  })

  test('is served page by page, as fast as it reads', async () => {
    const made = await feedWorld({ changes: () => 1 })
    const slow = new FeedReader(await made.feed())
    await made.mark(2500)
    await pass(3.5)
    const before = made.tap.readings.length
    await pass(10)
    // Nothing is read for somebody who does not read
    expect(made.tap.readings).toHaveLength(before)
    slow.follow()
    await pass(0.05)
    expect(told(slow.messages).position).toBe(2500)
    expect(made.tap.readings.slice(before)).toEqual([0, 1000, 2000])
  })

  for (const [mode, query] of [
    ['resume', '?after=0'],
    ['snapshot', ''],
  ]) {
    test(`whose marks may have been forgotten since its ${mode} is ended, so that it asks anew`, async () => {
      const made = await feedWorld()
      const slow = new FeedReader(await made.feed(query))
      await made.mark(3, { expiresAt: made.time.now + 1 })
      await made.stores.prune(made.issuer, made.time.now + 302, 100)
      await pass(1)
      slow.follow()
      await pass(1)
      expect(slow.messages).toEqual([
        expect.objectContaining({ type: 'hello', mode, after: 0 }),
        { type: 'head', number: 0, asOf: 0 },
        { type: 'end' },
      ])
      expect(slow.isOver).toBe(true)
    })
  }
})
