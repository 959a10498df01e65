import {
  generateKeyPairAsync,
  type JsonObject,
  type JsonValue,
  loadSignKey,
  type PairAlgorithm,
  type PublicJwk,
  pooledSignerOf,
  type Signer,
  signJwt,
} from '@jotwarden/token'
import { createVerifier, type Verifier } from '../create-verifier.ts'
import { type Fetch, systemClock } from '../platform.ts'
import type { VerifierOptions } from '../verifier-options.ts'
import { loopbackServer } from './loopback-server.ts'
import { TestClock } from './test-clock.ts'

/** What a test issuer is told. Everything has a default. */
export interface TestIssuerOptions {
  /** How it names itself; `https://issuer.test` when left out. */
  readonly issuer?: string
  /** Whom its tokens are for; `https://api.test` when left out. */
  readonly audience?: string
  /** The algorithm it signs with; ES256 when left out. */
  readonly alg?: PairAlgorithm
  /**
   * Listens on a free loopback port, which is then its name too: for an API that runs in a process of its own, and goes
   * by the system's clock. To be closed.
   */
  readonly listen?: boolean
  /** Seconds since the epoch at which its clock stands; the present when left out. */
  readonly now?: number
}

/** Claims of a token to be minted, beside or in place of those that every token has. `undefined` leaves a claim out. */
export type TestClaims = { readonly [name: string]: JsonValue | undefined }

/** An issuer for tests of an API: it mints tokens, good and bad ones, and needs no network. */
export interface TestIssuer {
  readonly issuer: string
  readonly audience: string
  /** The clock of the issuer, and of every verifier that {@link TestIssuer.verifierOptions} is given to. */
  readonly clock: TestClock
  /** Answers for its metadata and its keys, as a server at its URL would; 404 for anything else. */
  readonly fetch: Fetch
  /** Its public keys, as RFC 7517 §5 has them. */
  jwks(): { readonly keys: readonly PublicJwk[] }
  /** Options of `createVerifier` with which a verifier believes this issuer, goes by its clock and asks its `fetch`. */
  verifierOptions(): VerifierOptions
  /** A verifier of these options, with others on top. */
  verifier(options?: Partial<VerifierOptions>): Verifier
  /**
   * Mints an access token (RFC 9068): for `test-user` by `test-client`, good for ten minutes, with the claims given.
   * `typ` takes the place of `at+jwt`; any other header is refused with a TypeError.
   */
  mint(claims?: TestClaims, header?: { readonly typ?: string }): Promise<string>
  /** The same, expired an hour ago. */
  mintExpired(claims?: TestClaims): Promise<string>
  /** The same under a key that the issuer does not have. */
  mintForged(claims?: TestClaims): Promise<string>
  /** Signs with another key from now on; the ones before stay among its public keys. */
  rotateKey(): Promise<void>
  /** Stops listening, if it does. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes an issuer for tests. Pass {@link TestIssuer.verifierOptions} to the verifier of the API under test.
 * Throws TypeError for an option that it does not know: a test would pass for want of it.
 *
 * @example
 * ```ts
 * const issuer = await createTestIssuer()
 * const verifier = issuer.verifier()
 * const token = await issuer.mint({ scope: 'orders:read' })
 * ```
 */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  for (const name of Object.keys(options))
    if (!optionNames.has(name)) throw new TypeError(`Cannot make a test issuer: ${name} is no option of it`)
  const server = options.listen ? await loopbackServer() : undefined
  const {
    issuer = server?.origin ?? 'https://issuer.test',
    audience = 'https://api.test',
    alg = 'ES256',
  } = options
  const clock = new TestClock(options.now ?? Math.floor(systemClock.now()))
  const stranger = await testKey(alg)
  let current = await testKey(alg)
  const keys = [current.publicJwk]
  let minted = 0

  function mintWith(signer: Signer, claims: TestClaims, typ = 'at+jwt'): Promise<string> {
    minted += 1
    const now = clock.now()
    const standing = { iss: issuer, sub: 'test-user', aud: audience, client_id: 'test-client' }
    const times = { iat: now, exp: now + 600, jti: `test-token-${minted}` }
    return signJwt({ typ, claims: definedClaims({ ...standing, ...times, ...claims }) }, signer)
  }

  const fetch = issuerFetch(issuer, () => ({ keys }))
  if (server !== undefined) server.answer = fetch
  const verifierOptions = (): VerifierOptions => ({
    issuer,
    audience,
    revocation: null,
    clock,
    steadyClock: clock,
    fetch,
  })
  const close = async (): Promise<void> => server?.close()
  return {
    issuer,
    audience,
    clock,
    fetch,
    jwks: () => ({ keys: [...keys] }),
    verifierOptions,
    verifier: (over = {}) => createVerifier({ ...verifierOptions(), ...over }),
    mint: async (claims = {}, { typ, ...unknown } = {}) => {
      const [name] = Object.keys(unknown)
      if (name !== undefined)
        throw new TypeError(`Cannot mint a token: ${name} is no header that can be chosen`)
      return mintWith(current.signer, claims, typ)
    },
    mintExpired: (claims = {}) => {
      const expired = clock.now() - 3600
      return mintWith(current.signer, { iat: expired - 600, exp: expired, ...claims })
    },
    mintForged: (claims = {}) => mintWith(stranger.signer, claims),
    async rotateKey() {
      current = await testKey(alg)
      keys.push(current.publicJwk)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const optionNames: ReadonlySet<string> = new Set([
  'issuer',
  'audience',
  'alg',
  'listen',
  'now',
] satisfies (keyof TestIssuerOptions)[])

async function testKey(alg: PairAlgorithm): Promise<{ publicJwk: PublicJwk; signer: Signer }> {
  const { privateJwk, publicJwk } = await generateKeyPairAsync(alg)
  return { publicJwk, signer: pooledSignerOf(await loadSignKey(privateJwk)) }
}

function definedClaims(claims: TestClaims): JsonObject {
  return Object.fromEntries(
    Object.entries(claims).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  )
}

/** A server that is none. */
function issuerFetch(issuer: string, jwks: () => object): Fetch {
  const { origin, pathname } = new URL(issuer)
  const path = pathname === '/' ? '' : pathname
  const jwksUri = `${origin}${path}/jwks`
  const documents = new Map<string, () => object>([
    [
      `${origin}/.well-known/oauth-authorization-server${path}`,
      () => ({ issuer, jwks_uri: jwksUri, response_types_supported: [] }),
    ],
    [jwksUri, jwks],
  ])
  return async (url) => {
    const document = documents.get(url)
    return document === undefined ? new Response(null, { status: 404 }) : Response.json(document())
  }
}
