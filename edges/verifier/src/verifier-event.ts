import { VerifierError, type VerifierErrorCode, type VerifierReason } from './errors.ts'
import { asRefusal } from './refused-token.ts'
import { undisturbed } from './undisturbed.ts'

/** What happens in a verifier, for logs and metrics. Never holds a token, a claim or a key. */
export type VerifierEvent =
  | { readonly type: 'accepted' }
  | {
      readonly type: 'refused'
      readonly code: VerifierErrorCode
      readonly reason: VerifierReason | undefined
    }
  /** The issuer's key set was fetched; so many of its keys can be used. */
  | { readonly type: 'keys-loaded'; readonly keys: number }
  /** It could not be fetched or used; tokens of known keys pass until the keys held are too old. */
  | { readonly type: 'keys-failed'; readonly reason: VerifierReason }
  /** A token names a key that the issuer was not known to have; `asked` says whether it was asked about it. */
  | { readonly type: 'unknown-kid'; readonly asked: boolean }
  /** A token was found in the cache, and still stood all checks that time can change. */
  | { readonly type: 'cache-hit' }

/** How often each event has happened since the verifier was made. */
export type VerifierCounters = { readonly [T in VerifierEvent['type']]: number }

/** Counts events and passes them on; nothing that a listener does can disturb the verifier. */
export class EventLog {
  readonly #counts = { ...noEvents }
  readonly #listener: (event: VerifierEvent) => void

  constructor(listener: ((event: VerifierEvent) => void) | undefined) {
    this.#listener = undisturbed(listener)
  }

  tell(event: VerifierEvent): void {
    this.#counts[event.type] += 1
    this.#listener(event)
  }

  /** The error to be thrown for what was thrown; tells of it where it is one of this package. */
  refused(cause: unknown): unknown {
    const error = asRefusal(cause)
    if (error instanceof VerifierError) {
      const { code, reason } = error
      this.tell({ type: 'refused', code, reason })
    }
    return error
  }

  counters(): VerifierCounters {
    return Object.freeze({ ...this.#counts })
  }
}

/** Before anything has happened. */
export const noEvents: VerifierCounters = {
  accepted: 0,
  refused: 0,
  'keys-loaded': 0,
  'keys-failed': 0,
  'unknown-kid': 0,
  'cache-hit': 0,
}

/** One object, so that the way of an accepted token makes none. */
export const accepted: VerifierEvent = Object.freeze({ type: 'accepted' })
