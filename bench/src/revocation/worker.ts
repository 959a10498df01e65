import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

/** A process of the benchmark, which answers one order after another. */
export interface Worker {
  /** Sends an order and gives its answer. */
  ask<Answer>(order: object): Promise<Answer>
  stop(): Promise<void>
}

/** Starts a file of this folder in a process of its own. Rejects what is asked once it has ended. */
export function startWorker(file: string, ...args: readonly string[]): Worker {
  const child = fork(join(import.meta.dirname, file), args, {
    execArgv: ['--conditions=jotwarden-source'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let orders = 0
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()))
  child.on('message', ({ order, answer, error }: Message) => {
    const asked = waiting.get(order)
    waiting.delete(order)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(`${file}: ${error}`))
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`Cannot go on: ${file} has ended`))
  })
  return {
    ask: async (order) => {
      await Promise.race([ready, ended])
      return new Promise((resolve, reject) => {
        orders += 1
        waiting.set(orders, { resolve: (answer) => resolve(answer as never), reject })
        child.send({ order: orders, ...order })
      })
    },
    stop: () => stopped(child, ended),
  }
}

/** The other side: answers each order by the handler that its `act` names. */
export function answerOrders(
  acts: Readonly<Record<string, (order: never) => Promise<unknown> | unknown>>,
): void {
  // What is sent before anybody listens is lost
  process.send?.({})
  process.on('message', async (message: Message & { readonly act: string }) => {
    const { order, act } = message
    try {
      process.send?.({ order, answer: await acts[act]?.(message as never) })
    } catch (error) {
      process.send?.({
        order,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    }
  })
}

/** Milliseconds of the system's steady clock, which is one for all processes of a machine. */
export function steadyMilliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

interface Message {
  readonly order: number
  readonly answer?: unknown
  readonly error?: string
}

async function stopped(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.disconnect()
  const killer = setTimeout(() => child.kill('SIGKILL'), 3000)
  await ended
  clearTimeout(killer)
}
