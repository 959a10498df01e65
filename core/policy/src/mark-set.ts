import { LANES, packCompactId } from './compact-id.ts'
import { CompactMarks } from './compact-marks.ts'
import { type Mark, type MarkedToken, type MarkKind, markKinds } from './mark.ts'
import { NamedMarks } from './named-marks.ts'

/**
 * The marks that are in force, kept for a look-up at every request: exact, without an object per mark for the ids that
 * an authority makes itself, and `refuses` allocates nothing.
 */
export class MarkSet {
  readonly #kinds: { readonly [K in MarkKind]: MarksOfKind }
  readonly #parts: readonly (CompactMarks | NamedMarks)[]
  /** The part that a sweep is in. */
  #current = 0

  /** `seed`: a whole number below 2^53 that nobody outside knows, so that nobody can pick ids that crowd together. */
  constructor({ seed = 0 }: { readonly seed?: number } = {}) {
    this.#kinds = {
      token: new MarksOfKind('token', '', seed),
      session: new MarksOfKind('session', '', seed + 1),
      login: new MarksOfKind('login', '', seed + 2),
      subject: new MarksOfKind('subject', 'usr_', seed + 3),
      client: new MarksOfKind('client', undefined, seed),
      key: new MarksOfKind('key', undefined, seed),
      issuer: new MarksOfKind('issuer', undefined, seed),
    }
    this.#parts = Object.values(this.#kinds).flatMap((kind) => kind.parts)
  }

  get size(): number {
    return this.#parts.reduce((sum, part) => sum + part.size, 0)
  }

  /** About what the tables take; ids that are not compact come on top. */
  get bytes(): number {
    return this.#parts.reduce((sum, part) => sum + part.bytes, 0)
  }

  /** A mark on the same id as one before leaves the greater number and the later expiry of both. */
  add(mark: Mark): void {
    this.#kinds[mark.kind].add(mark)
  }

  /** The kind of a mark that refuses the token, or null. */
  refuses(token: MarkedToken): MarkKind | null {
    const kinds = this.#kinds
    if (kinds.issuer.refuses(token.iss, token)) return 'issuer'
    if (token.kid !== undefined && kinds.key.refuses(token.kid, token)) return 'key'
    if (kinds.client.refuses(token.client_id, token)) return 'client'
    if (kinds.subject.refuses(token.sub, token)) return 'subject'
    if (token.login !== undefined && kinds.login.refuses(token.login, token)) return 'login'
    if (token.sid !== undefined && kinds.session.refuses(token.sid, token)) return 'session'
    if (kinds.token.refuses(token.jti, token)) return 'token'
    return null
  }

  /**
   * Forgets what has expired at `now`. With a budget it examines at most so many places and goes on from there the next
   * time; without one it examines all.
   */
  forget(now: number, budget: number = Number.POSITIVE_INFINITY): void {
    const places = this.#parts.reduce((sum, part) => sum + part.places, 0)
    if (budget >= places) {
      for (const part of this.#parts) {
        part.restart()
        part.sweep(now, Number.POSITIVE_INFINITY)
      }
      return
    }
    for (let left = budget; left > 0; ) {
      const examined = this.#parts[this.#current]?.sweep(now, left) ?? 0
      if (examined < left) this.#current = (this.#current + 1) % this.#parts.length
      left -= examined
    }
  }
}

/** The marks of one kind: on compact ids behind a prefix, where the kind has such, and on others. */
class MarksOfKind {
  readonly #prefix: string
  readonly #compact: CompactMarks | undefined
  readonly #named: NamedMarks

  constructor(kind: MarkKind, prefix: string | undefined, seed: number) {
    const { ordered } = markKinds[kind]
    this.#prefix = prefix ?? ''
    this.#compact = prefix === undefined ? undefined : new CompactMarks(ordered, seed)
    this.#named = new NamedMarks(ordered)
  }

  get parts(): readonly (CompactMarks | NamedMarks)[] {
    return this.#compact === undefined ? [this.#named] : [this.#compact, this.#named]
  }

  add({ id, number, expiresAt }: Mark): void {
    if (this.#compact !== undefined && this.#pack(id)) this.#compact.add(lanes, number, expiresAt)
    else this.#named.add(id, number, expiresAt)
  }

  refuses(id: string, token: MarkedToken): boolean {
    if (this.#compact !== undefined && this.#compact.size > 0 && this.#pack(id))
      return this.#compact.refuses(lanes, token)
    return this.#named.size > 0 && this.#named.refuses(id, token)
  }

  #pack(id: string): boolean {
    const start = this.#prefix.length
    return (start === 0 || id.startsWith(this.#prefix)) && packCompactId(id, start, lanes)
  }
}

/** Where an id is unpacked for the length of one call. */
const lanes = new Int32Array(LANES)
