import { Worker } from 'node:worker_threads'
import type { DerivationRequest, DerivationResult } from './derivation.ts'
import { HasherError } from './errors.ts'

interface Job {
  readonly request: DerivationRequest
  readonly resolve: (hash: Uint8Array) => void
  readonly reject: (error: HasherError) => void
}

/**
 * One worker thread behind a bounded queue. Argon2 on libuv's shared pool would starve signing and file access;
 * here at most one core is ever busy with passwords. The thread starts with the first request and holds the
 * process open only while a request is under way.
 */
export class Argon2Thread {
  readonly #limit: number
  readonly #waiting: Job[] = []
  #running: Job | undefined
  #worker: Worker | undefined
  #closed = false

  constructor(limit: number) {
    this.#limit = limit
  }

  get underWay(): number {
    return this.#waiting.length + (this.#running === undefined ? 0 : 1)
  }

  /** Throws `hasher/busy` at once when `limit` requests are under way, `hasher/crashed`, `hasher/closed`. */
  derive(request: DerivationRequest): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(closedError())
    if (this.underWay >= this.#limit) return Promise.reject(busyError())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      this.#next()
    })
  }

  /** Rejects what is under way with `hasher/closed` and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true
    const jobs = this.#waiting.splice(0)
    this.#running?.reject(closedError())
    this.#running = undefined
    for (const job of jobs) job.reject(closedError())
    await this.#worker?.terminate()
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return void this.#worker?.unref()
    this.#running = job
    try {
      this.#hand(job.request)
    } catch (cause) {
      this.#fail(new HasherError('hasher/crashed', 'Cannot hash the password: no thread starts', { cause }))
    }
  }

  #hand(request: DerivationRequest): void {
    this.#worker ??= this.#start()
    this.#worker.ref()
    // Handed over, not copied: the one copy of the password is the worker's to wipe.
    this.#worker.postMessage(request, [request.password.buffer])
  }

  #start(): Worker {
    // No flag and no environment of the parent: neither a preload nor a secret belongs in this thread.
    const worker = new Worker(workerUrl, { execArgv: [], env: {}, name: 'argon2' })
    worker.on('message', (result: DerivationResult) => this.#settle(result))
    worker.on('error', () => {}) // `exit` follows, and is where a lost thread is dealt with
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #settle(result: DerivationResult): void {
    if ('failed' in result) {
      this.#fail(new HasherError('hasher/derivation', 'Cannot hash the password: argon2 failed'))
      return
    }
    const job = this.#running
    this.#running = undefined
    job?.resolve(result.hash)
    this.#next()
  }

  /** Only the request that the thread died with is lost; those that wait go to a new thread. */
  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#fail(new HasherError('hasher/crashed', 'Cannot hash the password: the hashing thread ended'))
  }

  #fail(error: HasherError): void {
    const job = this.#running
    this.#running = undefined
    job?.reject(error)
    this.#next()
  }
}

function busyError(): HasherError {
  return new HasherError('hasher/busy', 'Cannot hash the password: too many are being hashed')
}

function closedError(): HasherError {
  return new HasherError('hasher/closed', 'Cannot hash the password: the hasher is closed')
}

const workerUrl = new URL(`./argon2-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
