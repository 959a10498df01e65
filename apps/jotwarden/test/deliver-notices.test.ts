import { Writable } from 'node:stream'
import type { Notice, Notices } from '@jotwarden/authority'
import { createLog } from 'jotwarden'
import { expect, test, vi } from 'vitest'
import { deliverNotices } from '../src/notices/deliver.ts'

const DAY = 86_400

test('deliverNotices() tells of an outage once, waits longer each time, and goes on when it is over', async () => {
  const { notices, lines, log } = world([sample('first', 0), sample('second', 0)])
  const tries: number[] = []
  const taken: string[] = []
  const post = async ({ id }: Notice) => {
    tries.push(performance.now())
    if (tries.length < 3) throw new Error('Cannot deliver the notice: it was answered with 500')
    taken.push(id)
  }
  const delivery = deliverNotices({ notices, post, giveUp: () => undefined, clock: { now: () => 0 }, log })
  try {
    await vi.waitFor(() => expect(taken).toEqual(['first', 'second']), { timeout: 15_000 })
  } finally {
    await delivery.stop()
  }
  expect(tries).toHaveLength(4)
  const [one = 0, two = 0, three = 0] = tries
  expect(two - one).toBeGreaterThan(900)
  expect(three - two).toBeGreaterThan(1900)
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'notices cannot be delivered',
    'notices can be delivered again',
  ])
  expect(lines[0]).toContain('answered with 500')
})

test('deliverNotices() gives up what nobody took for three days, and tells what follows', async () => {
  const { notices, lines, log } = world([sample('old', 0), sample('young', 3 * DAY - 10)])
  const taken: string[] = []
  const post = async ({ id }: Notice) => {
    if (id === 'old') throw new Error('refused')
    taken.push(id)
  }
  const clock = { now: () => 3 * DAY }
  const delivery = deliverNotices({ notices, post, giveUp: () => undefined, clock, log })
  try {
    await vi.waitFor(() => expect(taken).toEqual(['young']), { timeout: 5000 })
  } finally {
    await delivery.stop()
  }
  expect(lines).toEqual([expect.stringContaining('"notice":"old"')])
})

test('deliverNotices() does not say that an outage is over because it gives a notice up', async () => {
  const { notices, lines, log } = world([sample('old', 0), sample('next', 0)])
  let tries = 0
  const post = async () => {
    tries += 1
    throw new Error('refused')
  }
  const clock = { now: () => (tries < 2 ? 0 : 3 * DAY) }
  const delivery = deliverNotices({ notices, post, giveUp: () => undefined, clock, log })
  try {
    await vi.waitFor(() => expect(tries).toBe(3), { timeout: 5000 })
  } finally {
    await delivery.stop()
  }
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'notices cannot be delivered',
    'a notice is given up: nobody took it for three days',
    'a notice is given up: nobody took it for three days',
  ])
})

function world(waiting: readonly Notice[]) {
  let passed = 0
  const notices: Notices = {
    async deliver(_reader, notify) {
      const before = passed
      for (const notice of waiting.slice(passed)) {
        await notify(notice)
        passed += 1
      }
      return passed - before
    },
  }
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { notices, lines, log: createLog({ level: 'info', format: 'json', stream }) }
}

function sample(id: string, at: number): Notice {
  return { id, kind: 'password-changed', subject: 'usr_one', at }
}
