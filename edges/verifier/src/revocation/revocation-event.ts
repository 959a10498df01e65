/** Whether an answer of the feed stays open or ends with its first head. */
export type FeedMode = 'stream' | 'poll'

/** What happens between a verifier and its issuer's feed, for logs and metrics. Never holds a secret or a token. */
export type RevocationEvent =
  | { readonly type: 'connected'; readonly mode: FeedMode }
  /** A connection ended, or could not be made. */
  | { readonly type: 'disconnected'; readonly reason: DisconnectReason }
  /** The issuer does not take this API's credential, or not for this. */
  | { readonly type: 'refused'; readonly status: number }
  /** The log was told from the beginning; `seconds` from the request to its head. */
  | { readonly type: 'snapshot'; readonly marks: number; readonly seconds: number }
  /** Everything up to `number` is known; `lag` is the staleness at this moment. */
  | { readonly type: 'head'; readonly number: number; readonly lag: number }
  | { readonly type: 'marks'; readonly count: number; readonly number: number }
  /** The log goes on in another epoch: it was set back, and the issuer knows of it. Numbers of heads. */
  | { readonly type: 'epoch'; readonly from: number; readonly to: number }
  /** The head is lower than it was: the issuer's store has lost what it had promised. Numbers of heads. */
  | { readonly type: 'rolled-back'; readonly from: number; readonly to: number }
  /** Tokens are refused from now on, where staleness is not allowed; Infinity when nothing was ever known. */
  | { readonly type: 'stale'; readonly staleness: number }
  | { readonly type: 'fresh' }

/** Why a connection ended, or could not be made. */
export type DisconnectReason =
  /** The server said `end`. */
  | 'ended'
  /** The answer stopped without an `end`, or without a head where one was due. */
  | 'cut-off'
  | 'network'
  | 'timeout'
  /** The connection stood, and nothing came over it. */
  | 'silent'
  /** What came was too old. */
  | 'slowed'
  /** Something between two lines is missing. */
  | 'gap'
  | 'malformed'
  | 'wrong-issuer'
  | 'refused'
  /** Another status than 200. */
  | 'status'
  /** The issuer's metadata cannot be had, or give no feed. */
  | 'discovery'
  /** The wall clock was set back behind what had been forgotten. */
  | 'clock-set-back'
  | 'closed'

/** Tells of an event. */
export type Emit = (event: RevocationEvent) => void
