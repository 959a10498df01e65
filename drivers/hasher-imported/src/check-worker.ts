import { argon2Sync, pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'
import type { CheckRequest, CheckResult } from './check.ts'

// The body of the worker thread: one request in, one result out. It imports nothing of the workspace at run
// time, so that it starts from source and from a build without any flag.
parentPort?.on('message', (request: CheckRequest) => {
  parentPort?.postMessage(check(request))
})

function check(request: CheckRequest): CheckResult {
  const began = performance.now()
  try {
    const matches = matching(request)
    return { matches, took: performance.now() - began }
  } catch {
    return { failed: true }
  } finally {
    request.password.fill(0)
  }
}

function matching({ password, derivation, salt, hash }: CheckRequest): boolean {
  if (derivation.algorithm === 'bcrypt') return bcryptMatches(password, derivation.text)
  return timingSafeEqual(derive(password, derivation, salt, hash.length), hash)
}

/** Some implementations end a password at its first NUL and others do not; none of them gets the benefit of the doubt. */
function bcryptMatches(password: Uint8Array, text: string): boolean {
  const matches = compareSync(utf8.decode(password), text)
  return matches && !password.includes(0)
}

function derive(
  password: Uint8Array,
  derivation: Exclude<CheckRequest['derivation'], { algorithm: 'bcrypt' }>,
  salt: Uint8Array,
  length: number,
): Uint8Array {
  if (derivation.algorithm === 'pbkdf2')
    return pbkdf2Sync(password, salt, derivation.iterations, length, derivation.digest)
  if (derivation.algorithm === 'scrypt') {
    const { N, r, p } = derivation
    return scryptSync(password, salt, length, { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 })
  }
  return argon2Sync(derivation.algorithm, {
    message: password,
    nonce: salt,
    memory: derivation.m,
    passes: derivation.t,
    parallelism: derivation.p,
    tagLength: length,
  })
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
