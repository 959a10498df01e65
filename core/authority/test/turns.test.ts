import { describe, expect, test } from 'vitest'
import { createTurns } from '../src/turns.ts'

describe('createTurns()', () => {
  test('serves the lines in turn: one act of a quiet network goes before the flood of another', async () => {
    const { turns, order, finish } = observed({ width: 1, most: 100 })
    for (let act = 0; act < 50; act += 1) void turns('flood')
    void turns('quiet')
    await finish(3)
    expect(order).toEqual(['flood', 'flood', 'quiet', 'flood'])
  })

  test('with the queue full, the longest line gives way, and the quiet network is served', async () => {
    const { turns, finish, order } = observed({ width: 2, most: 10 })
    const flood = Array.from({ length: 100 }, () => turns('flood'))
    const quiet = turns('quiet')
    await finish(12)
    expect(await quiet).toBe('served')
    const answers = await Promise.all(flood)
    expect(answers.filter((answer) => answer === 'crowded')).toHaveLength(89)
    expect(order).toHaveLength(12)
  })

  test('it is the latest of the longest line that gives way, whichever line came first', async () => {
    const { turns, finish } = observed({ width: 1, most: 4 })
    const running = turns('quiet')
    const quiet = turns('quiet')
    const flood = Array.from({ length: 5 }, () => turns('flood'))
    await finish(5)
    expect(await Promise.all([running, quiet])).toEqual(['served', 'served'])
    expect(await Promise.all(flood)).toEqual(['served', 'served', 'served', 'crowded', 'crowded'])
  })

  test('runs no more than its width at once, and goes on after an act that throws', async () => {
    const turns = createTurns({ width: 2, most: 10 })
    let [running, most] = [0, 0]
    const act = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      throw new Error('broken')
    }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => turns.take(`${index}`, act)),
    )
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(most).toBe(2)
    expect(await turns.take(null, async () => 'served')).toBe('served')
  })
})

/** Turns whose acts wait until they are told to finish. */
function observed(bounds: { readonly width: number; readonly most: number }) {
  const taker = createTurns(bounds)
  const order: string[] = []
  const held: (() => void)[] = []
  const turns = (network: string) =>
    taker.take(network, () => {
      order.push(network)
      return new Promise<'served'>((resolve) => held.push(() => resolve('served')))
    })
  /** Ends as many acts, and lets what follows them begin. */
  async function finish(acts: number): Promise<void> {
    for (let done = 0; done < acts; done += 1) {
      while (held[done] === undefined) await new Promise(setImmediate)
      held[done]?.()
    }
    await new Promise(setImmediate)
  }
  return { turns, order, finish }
}
