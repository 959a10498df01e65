import { Worker } from 'node:worker_threads'
import type { Checked, CheckRequest, CheckResult } from './check.ts'
import { ImportedHashError } from './errors.ts'

interface Job {
  readonly request: CheckRequest
  readonly resolve: (checked: Checked) => void
  readonly reject: (error: ImportedHashError) => void
}

/**
 * One worker thread behind a bounded queue, apart from that of the authority's own hashes: an imported hash may take
 * seconds, and whoever has none must not wait for it. The thread starts with the first request and holds the process
 * open only while a request is under way.
 */
export class CheckThread {
  readonly #limit: number
  readonly #waiting: Job[] = []
  #running: Job | undefined
  #worker: Worker | undefined
  #closed = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Throws `hasher/busy` at once when `limit` requests are under way, `hasher/crashed`, `hasher/closed`. */
  check(request: CheckRequest): Promise<Checked> {
    if (this.#closed) return Promise.reject(closedError())
    if (this.#underWay() >= this.#limit) return Promise.reject(busyError())
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

  #underWay(): number {
    return this.#waiting.length + (this.#running === undefined ? 0 : 1)
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return void this.#worker?.unref()
    this.#running = job
    try {
      this.#hand(job.request)
    } catch (cause) {
      this.#fail(
        new ImportedHashError('hasher/crashed', 'Cannot check the password: no thread starts', { cause }),
      )
    }
  }

  #hand(request: CheckRequest): void {
    this.#worker ??= this.#start()
    this.#worker.ref()
    // Handed over, not copied: the one copy of the password is the worker's to wipe.
    this.#worker.postMessage(request, [request.password.buffer])
  }

  #start(): Worker {
    // No flag and no environment of the parent: neither a preload nor a secret belongs in this thread.
    const worker = new Worker(workerUrl, { execArgv: [], env: {}, name: 'imported-hashes' })
    worker.on('message', (result: CheckResult) => this.#settle(result))
    worker.on('error', () => {}) // `exit` follows, and is where a lost thread is dealt with
    worker.on('exit', () => this.#lost(worker))
    return worker
  }

  #settle(result: CheckResult): void {
    if ('failed' in result) {
      this.#fail(
        new ImportedHashError('hasher/derivation', 'Cannot check the password: its derivation failed'),
      )
      return
    }
    const job = this.#running
    this.#running = undefined
    job?.resolve(result)
    this.#next()
  }

  /** Only the request that the thread died with is lost; those that wait go to a new thread. */
  #lost(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#fail(
      new ImportedHashError('hasher/crashed', 'Cannot check the password: the checking thread ended'),
    )
  }

  #fail(error: ImportedHashError): void {
    const job = this.#running
    this.#running = undefined
    job?.reject(error)
    this.#next()
  }
}

function busyError(): ImportedHashError {
  return new ImportedHashError('hasher/busy', 'Cannot check the password: too many are being checked')
}

function closedError(): ImportedHashError {
  return new ImportedHashError('hasher/closed', 'Cannot check the password: the hasher is closed')
}

const workerUrl = new URL(`./check-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
