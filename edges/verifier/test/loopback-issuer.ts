import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TypedClaims } from '@jotwarden/policy'
import {
  type Clock,
  generateKeyPair,
  importSignKey,
  type JsonObject,
  type PublicJwk,
  type Signer,
  signerOf,
  signJwt,
} from '@jotwarden/token'
import { createVerifier, type Verifier, VerifierError, type VerifierOptions } from '@jotwarden/verifier'
import { onTestFinished } from 'vitest'

export const audience = 'https://api.example'

/** A clock that stands until it is moved. Seconds. */
export class FakeClock implements Clock {
  #now: number

  constructor(now = 1_800_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }
  pass(seconds: number): void {
    this.#now += seconds
  }
}

export interface TestKey {
  readonly publicJwk: PublicJwk
  readonly signer: Signer
}

export function testKey(alg: 'ES256' | 'Ed25519' | 'RS256' | 'PS256' = 'ES256'): TestKey {
  const { privateJwk, publicJwk } = generateKeyPair(alg)
  return { publicJwk, signer: signerOf(importSignKey(privateJwk)) }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

/** An issuer on a loopback port that counts what it is asked, and whose every answer a test may replace. */
export class LoopbackIssuer {
  readonly clock = new FakeClock()
  readonly steadyClock = new FakeClock(1000)
  readonly asked: string[] = []
  keys: TestKey[] = [testKey()]
  headers: Record<string, string> = { 'cache-control': 'max-age=300' }
  issuer = ''
  origin = ''
  /** Members of the metadata beside those that every issuer has. */
  readonly endpoints: Record<string, string> = {}
  /** By path, without the query. */
  readonly answers = new Map<string, Answer>()
  readonly #server = createServer((request, response) => this.#answer(request, response))

  static async start(path = ''): Promise<LoopbackIssuer> {
    const started = new LoopbackIssuer()
    await new Promise<void>((resolve) => started.#server.listen(0, '127.0.0.1', resolve))
    const { port } = started.#server.address() as AddressInfo
    started.origin = `http://127.0.0.1:${port}`
    started.issuer = started.origin + path
    started.answers.set(`/.well-known/oauth-authorization-server${path}`, (_, response) =>
      response.end(JSON.stringify(started.metadata())),
    )
    started.answers.set('/jwks', (_, response) => response.end(started.jwks()))
    onTestFinished(() => started.stop())
    return started
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** Listens again where it did before {@link stop}. */
  restart(): Promise<void> {
    const { port } = new URL(this.origin)
    return new Promise((resolve) => this.#server.listen(Number(port), '127.0.0.1', resolve))
  }

  metadata(): Record<string, unknown> {
    return { issuer: this.issuer, jwks_uri: `${this.origin}/jwks`, ...this.endpoints }
  }

  jwks(): string {
    return JSON.stringify({ keys: this.keys.map((key) => key.publicJwk) })
  }

  /** How often the key set was asked for. */
  get loads(): number {
    return this.asked.filter((path) => path === '/jwks').length
  }

  verifier(over: Partial<VerifierOptions> = {}): Verifier {
    const { issuer, clock, steadyClock } = this
    const verifier = createVerifier({ issuer, audience, revocation: null, clock, steadyClock, ...over })
    onTestFinished(() => verifier.close())
    return verifier
  }

  /** A verifier whose claims have the types of a schema. */
  typed<T>(over: Partial<VerifierOptions<T>>): Verifier<TypedClaims<'access', T>> {
    const verifier = createVerifier<T>({
      issuer: this.issuer,
      audience,
      revocation: null,
      clock: this.clock,
      ...over,
    })
    onTestFinished(() => verifier.close())
    return verifier
  }

  claims(over: JsonObject = {}): JsonObject {
    const now = this.clock.now()
    return {
      iss: this.issuer,
      sub: 'user-1',
      aud: audience,
      exp: now + 600,
      iat: now,
      jti: 'j1',
      client_id: 'client-1',
      scope: 'read write',
      ...over,
    }
  }

  async mint(
    over: JsonObject = {},
    signer: Signer | undefined = this.keys[0]?.signer,
    typ = 'at+jwt',
  ): Promise<string> {
    if (signer === undefined) throw new Error('Cannot mint: the issuer has no key')
    return signJwt({ typ, claims: this.claims(over) }, signer)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    this.asked.push(path)
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value)
    const answer =
      this.answers.get(path.replace(/\?.*/, '')) ?? ((_, missing) => missing.writeHead(404).end('{}'))
    answer(request, response)
  }
}

/** The code and reason with which an act fails. */
export async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act
  } catch (error) {
    if (error instanceof VerifierError) return `${error.code} ${error.reason ?? ''}`.trim()
    throw error
  }
  return 'accepted'
}
