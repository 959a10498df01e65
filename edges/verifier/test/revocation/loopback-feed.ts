import type { IncomingMessage, ServerResponse } from 'node:http'
import { epochOf, type FeedMessage, formatFeedMessage, type Mark, type MarkKind } from '@jotwarden/policy'
import type { Verifier, VerifierOptions } from '@jotwarden/verifier'
import {
  followRevocations,
  type RevocationEvent,
  type RevocationOptions,
} from '@jotwarden/verifier/revocation'
import { vi } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'

/** A secret that must never be seen anywhere but in its header, and that needs encoding there. */
export const CANARY = 'canary:s3cret/+ü'

/** One question that the feed was asked. */
export interface Ask {
  readonly after: number | undefined
  readonly mode: string
  readonly authorization: string
}

type Behaviour = (ask: Ask, response: ServerResponse, request: IncomingMessage) => void

/** The feed of an issuer, honest unless a test replaces its behaviour. Sends nothing by itself: a test says when. */
export class LoopbackFeed {
  readonly issuer: LoopbackIssuer
  readonly asks: Ask[] = []
  readonly events: RevocationEvent[] = []
  readonly streams = new Set<ServerResponse>()
  marks: Mark[] = []
  head = 0
  heartbeat = 1
  /** How often the steady clock was read. */
  readings = 0
  /** What a head says of its age. */
  asOf = 0
  behaviour: Behaviour = (ask, response) => this.honest(ask, response)

  private constructor(issuer: LoopbackIssuer) {
    this.issuer = issuer
  }

  static async start(): Promise<LoopbackFeed> {
    const issuer = await LoopbackIssuer.start()
    const feed = new LoopbackFeed(issuer)
    issuer.endpoints.revocation_feed_endpoint = `${issuer.origin}/feed`
    issuer.answers.set('/feed', (request, response) => feed.#answer(request, response))
    return feed
  }

  verifier(
    revocation: Partial<RevocationOptions> = {},
    over: Partial<Omit<VerifierOptions, 'revocation'>> = {},
  ): Verifier {
    const onEvent = (event: RevocationEvent): unknown => this.events.push(event)
    const steadyClock = {
      now: () => {
        this.readings += 1
        return this.issuer.steadyClock.now()
      },
    }
    return this.issuer.verifier({
      steadyClock,
      revocation: followRevocations({ clientId: 'api', clientSecret: CANARY, onEvent, ...revocation }),
      ...over,
    })
  }

  /** A verifier that streams and has everything. */
  async streaming(...options: Parameters<LoopbackFeed['verifier']>): Promise<Verifier> {
    const verifier = this.verifier(...options)
    await verifier.ready()
    return verifier
  }

  /** Waits until a verifier that has nothing else to do has looked after its connection, twice at least. */
  async lookedAfter(): Promise<void> {
    const before = this.readings
    await eventually(() => {
      if (this.readings < before + 12) throw new Error('It has not looked yet')
    })
  }

  honest(ask: Ask, response: ServerResponse): void {
    const { after = -1, mode } = ask
    const resumes = after >= 0 && after <= this.head && epochOf(after) === epochOf(this.head)
    const from = resumes ? after : 0
    this.send(response, this.hello({ mode: resumes ? 'resume' : 'snapshot', after: from }))
    if (from < this.head) this.send(response, this.since(from))
    this.send(response, this.headNow())
    if (mode === 'poll') response.end()
  }

  hello(over: Record<string, unknown> = {}): object {
    const { heartbeat } = this
    return { type: 'hello', v: 1, issuer: this.issuer.issuer, mode: 'snapshot', after: 0, heartbeat, ...over }
  }

  since(previous: number): FeedMessage {
    const marks = this.marks.filter(({ number }) => number > previous)
    return { type: 'marks', previous, number: this.head, marks }
  }

  headNow(): FeedMessage {
    return { type: 'head', number: this.head, asOf: this.asOf }
  }

  send(response: ServerResponse, message: object): void {
    response.write(`${formatFeedMessage(message as FeedMessage)}\n`)
  }

  /** Sends to every stream. */
  push(...messages: object[]): void {
    for (const stream of this.streams) for (const message of messages) this.send(stream, message)
  }

  /** Appends a mark to the log and tells no one. */
  mark(kind: MarkKind, id: string, expiresAt: number = this.issuer.clock.now() + 600): void {
    this.head += 1
    this.marks.push({ kind, id, number: this.head, expiresAt })
  }

  /** Appends a mark and tells every stream. */
  take(kind: MarkKind, id: string): void {
    const previous = this.head
    this.mark(kind, id)
    this.push(this.since(previous), this.headNow())
  }

  seen<T extends RevocationEvent['type']>(type: T): Extract<RevocationEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<RevocationEvent, { type: T }> => event.type === type)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? '', this.issuer.origin)
    const after = searchParams.get('after')
    const ask: Ask = {
      after: after === null ? undefined : Number(after),
      mode: searchParams.get('mode') ?? '',
      authorization: request.headers.authorization ?? '',
    }
    this.asks.push(ask)
    if (ask.mode === 'stream') this.streams.add(response)
    response.on('close', () => this.streams.delete(response))
    this.behaviour(ask, response, request)
  }
}

/** Waits until the claim holds; fails when it does not come to hold. */
export async function eventually(claim: () => unknown): Promise<void> {
  await vi.waitFor(claim, { timeout: 10_000, interval: 10 })
}

/** Waits until verifying the token ends so. */
export async function becomes(verifier: Verifier, token: string, outcome: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const seen = await refusal(verifier.verify(token))
      if (seen !== outcome) throw new Error(`Expected ${outcome}, seen ${seen}`)
    },
    { timeout: 10_000, interval: 10 },
  )
}

export const revoked = 'verifier/invalid-token revoked'
export const stale = 'verifier/stale stale'
