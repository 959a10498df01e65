import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import type { Ended, Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

/** Planted wherever a credential can stand in a request; must never come out again. */
export const CANARY = 'canary-5f3a9c'
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const VERIFIER: string = 'v'.repeat(43)
export const CHALLENGE = '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM'

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A real server, with an eye on what its store holds and on what leaves it. */
export class GuardedServer {
  readonly deployment: Deployment
  readonly #server: Running
  /** Credentials that were planted, or really used, and must never be seen. */
  readonly #secrets: Set<string>
  #ended: Promise<Ended> | undefined

  private constructor(deployment: Deployment, server: Running) {
    this.deployment = deployment
    this.#server = server
    this.#secrets = new Set([CANARY, deployment.account.password, deployment.service.secret])
  }

  static async start(): Promise<GuardedServer> {
    const deployment = await deployed({ JOTWARDEN_LOG_LEVEL: 'debug' })
    const guarded = new GuardedServer(deployment, await deployment.start())
    // The use of a secret is noted once an hour, a moment after it was shown: now, and not while rows are compared
    await guarded.accessToken()
    while (!/usedAt\\":\d/.test(guarded.#rows())) await pause(20)
    return guarded
  }

  /** The service's credentials as form parameters. */
  get service(): string {
    return `client_id=service&client_secret=${this.deployment.service.secret}`
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${this.deployment.issuer}${path}`, { redirect: 'manual', ...init })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  token(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('/token', { method: 'POST', body, headers: { ...FORM, ...headers } })
  }

  /** Holds that the act changes nothing in the store but events, which are meant to tell of refusals. */
  async unchanged(act: () => Promise<void>): Promise<void> {
    const before = this.#rows()
    await act()
    expect(this.#rows()).toBe(before)
  }

  leaksNothing({ text, headers }: Answer): void {
    const seen = text + JSON.stringify([...headers])
    for (const secret of this.#secrets) expect(seen.includes(secret)).toBe(false)
  }

  /** From now on this must not be seen either. */
  guard(secret: string): string {
    this.#secrets.add(secret)
    return secret
  }

  async accessToken(): Promise<string> {
    const { text } = await this.token(`${this.service}&grant_type=client_credentials`)
    return this.guard(String(JSON.parse(text).access_token))
  }

  async newCode(): Promise<string> {
    const cookie = await signedInCookie(this.deployment)
    this.guard(cookie.split('=')[1] ?? cookie)
    const query = new URLSearchParams({
      client_id: 'app',
      redirect_uri: this.deployment.app.redirectUri,
      response_type: 'code',
      scope: 'openid',
      prompt: 'none',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })
    const answer = await this.ask(`/authorize?${query}`, { headers: { cookie } })
    const { searchParams } = new URL(answer.headers.get('location') ?? 'about:blank')
    return this.guard(searchParams.get('code') ?? 'no code')
  }

  async stop(): Promise<Ended> {
    this.#ended ??= this.#server.stop()
    return this.#ended
  }

  /** Stops it, and holds that its log is there and holds no credential. */
  async stopWithCleanLog(): Promise<void> {
    const { stdout, stderr } = await this.stop()
    const log = stdout + stderr
    expect(log).toContain('"route":"/token"')
    for (const secret of this.#secrets) expect(log.includes(secret)).toBe(false)
  }

  #rows(): string {
    const database = new DatabaseSync(`${this.deployment.folder}/data/jotwarden.db`, { readOnly: true })
    try {
      const tables = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'events'")
        .all()
      expect(tables.map(({ name }) => name)).toContain('codes')
      // Moved whoever asks: until when tokens may live, that the server is alive, and how often a key was used
      const rowsOf = (name: unknown) =>
        database
          .prepare(`SELECT * FROM ${name}`)
          .all()
          .map(({ latest_exp: _, pulse: __, uses: ___, ...row }) => row)
      return JSON.stringify(tables.map(({ name }) => [name, rowsOf(name)]))
    } finally {
      database.close()
    }
  }
}
