/**
 * What a revocation is aimed at.
 * - `token`, `session`, `login`, `key`: refused whatever else they say.
 * - `subject`, `client`, `issuer`: whatever was authenticated before the mark is refused; what began later passes.
 */
export type MarkKind = 'token' | 'session' | 'login' | 'subject' | 'client' | 'key' | 'issuer'

/** One entry of an issuer's revocation log. */
export interface Mark {
  /** Its place in the log: grows with every mark, in the order of the commits. */
  readonly number: number
  readonly kind: MarkKind
  /** `jti`, `sid`, the login, `sub`, `client_id`, `kid`, or the issuer itself. */
  readonly id: string
  /** Seconds since the epoch: the latest `exp` of anything it refuses. After that it may be forgotten. */
  readonly expiresAt: number
}

/** What of a verified token marks are compared with. */
export interface MarkedToken {
  readonly jti: string
  readonly sub: string
  readonly client_id: string
  readonly iss: string
  readonly kid: string | undefined
  readonly sid?: string | undefined
  readonly login?: string | undefined
  /** The head of the log as the issuer read it before the authentication behind the token; absent counts as 0. */
  readonly rev?: number | undefined
}

/** Every kind, and whether a mark of it asks for `rev`. */
export const markKinds: { readonly [K in MarkKind]: { readonly ordered: boolean } } = {
  token: { ordered: false },
  session: { ordered: false },
  login: { ordered: false },
  subject: { ordered: true },
  client: { ordered: true },
  key: { ordered: false },
  issuer: { ordered: true },
}

/** Whether a text names something that a mark can be on. */
export function isMarkKind(text: string): text is MarkKind {
  return Object.hasOwn(markKinds, text)
}

/**
 * The number's epoch: it moves when a log was set back to an earlier state, so that numbers given before and after are
 * never taken for one another. Numbers stay within what JSON and doubles count exactly.
 */
export function epochOf(number: number): number {
  return Math.floor(number / EPOCH)
}

/** The head with which an epoch begins: no mark of it yet. */
export function firstOfEpoch(epoch: number): number {
  return epoch * EPOCH
}

const EPOCH = 2 ** 40
