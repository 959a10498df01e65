import { importPrivate, importPrivateAsync } from '#platform'
import type { AlgorithmEntry, JwsAlgorithm } from './algorithms.ts'
import { TokenError } from './errors.ts'
import {
  jwkThumbprint,
  jwkThumbprintAsync,
  type PrivateJwk,
  parsePrivateJwk,
  privateKeyMembersOf,
} from './jwk.ts'
import { checkPrivateNumbers, checkPublicNumbers, checkPurpose, entryFor } from './key-checks.ts'
import { checkedKid } from './kid.ts'
import type { SignatureMaker } from './platform/platform.ts'
import { importCheck, loadCheck } from './verify-key.ts'

/** A key prepared for signing under exactly one algorithm; only functions of this package make one. */
export class SignKey {
  readonly alg: JwsAlgorithm
  readonly kid: string
  readonly #maker: SignatureMaker

  constructor(alg: JwsAlgorithm, kid: string, maker: SignatureMaker) {
    this.alg = alg
    this.kid = kid
    this.#maker = maker
  }

  static sign(key: SignKey, data: Uint8Array): Uint8Array {
    return key.#maker.sign(data)
  }

  /** On the thread pool, but for algorithms that are done sooner than asked. */
  static signInPool(key: SignKey, data: Uint8Array): Uint8Array | Promise<Uint8Array> {
    return key.#maker.signAsync(data)
  }
}

/** What the JWK does not say itself. */
export interface SignKeyOptions {
  /** For a JWK that does not state its algorithm; an RSA key needs one of the two. */
  readonly alg?: JwsAlgorithm
}

/**
 * Prepares a private JWK for signing; its `kid` defaults to the thumbprint (RFC 7638). Throws the codes of
 * `importVerifyKey`; a private half of another public one is `key/malformed` or `key/mismatch`.
 */
export function importSignKey(value: PrivateJwk, options: SignKeyOptions = {}): SignKey {
  const { jwk, entry, kid } = checkedPrivateKey(value, options)
  const check = importCheck(entry, jwk)
  const maker = made(() => importPrivate(entry, privateKeyMembersOf(jwk)))
  if (!check.verify(PAIR_PROOF, maker.sign(PAIR_PROOF))) throw noPair()
  return new SignKey(entry.alg, kid ?? jwkThumbprint(jwk), maker)
}

/** `importSignKey` for every platform; rejects with its codes but `token/platform`. */
export async function loadSignKey(value: PrivateJwk, options: SignKeyOptions = {}): Promise<SignKey> {
  const { jwk, entry, kid } = checkedPrivateKey(value, options)
  const check = await loadCheck(entry, jwk)
  const maker = await madeAsync(async () => importPrivateAsync(entry, privateKeyMembersOf(jwk)))
  if (!(await check.verifyAsync(PAIR_PROOF, await maker.signAsync(PAIR_PROOF)))) throw noPair()
  return new SignKey(entry.alg, kid ?? (await jwkThumbprintAsync(jwk)), maker)
}

interface CheckedPrivateKey {
  readonly jwk: PrivateJwk
  readonly entry: AlgorithmEntry
  readonly kid: string | undefined
}

function checkedPrivateKey(value: PrivateJwk, { alg }: SignKeyOptions): CheckedPrivateKey {
  const jwk = parsePrivateJwk(value)
  const entry = entryFor(jwk, alg)
  checkPurpose(jwk, 'sign')
  checkPublicNumbers(jwk, entry)
  checkPrivateNumbers(jwk, entry)
  return { jwk, entry, kid: checkedKid(jwk.kid) }
}

function made(make: () => SignatureMaker): SignatureMaker {
  try {
    return make()
  } catch (cause) {
    throw noPrivateKey(cause)
  }
}

async function madeAsync(make: () => Promise<SignatureMaker>): Promise<SignatureMaker> {
  try {
    return await make()
  } catch (cause) {
    throw noPrivateKey(cause)
  }
}

function noPrivateKey(cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  // Not kept as the cause: it may describe the private key.
  return new TokenError('key/malformed', 'Cannot import the key: its numbers are no private key')
}

function noPair(): TokenError {
  return new TokenError('key/mismatch', 'Cannot import the key: its private half is not of its public half')
}

const PAIR_PROOF: Uint8Array = Uint8Array.of(0x6a, 0x77)
