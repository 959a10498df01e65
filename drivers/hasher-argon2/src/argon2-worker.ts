import { argon2Sync } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { DerivationRequest, DerivationResult } from './derivation.ts'

// The body of the worker thread: one request in, one result out. It imports nothing of the workspace at run
// time, so that it starts from source and from a build without any flag.
parentPort?.on('message', (request: DerivationRequest) => {
  parentPort?.postMessage(derive(request))
})

function derive({ password, salt, cost, hashLength }: DerivationRequest): DerivationResult {
  try {
    const hash = argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      memory: cost.m,
      passes: cost.t,
      parallelism: cost.p,
      tagLength: hashLength,
    })
    return { hash: new Uint8Array(hash) }
  } catch {
    return { failed: true }
  } finally {
    password.fill(0)
  }
}
