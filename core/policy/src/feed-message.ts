import { type JsonObject, type JsonValue, parseJsonObject, TokenError } from '@jotwarden/token'
import { PolicyError } from './errors.ts'
import { isMarkKind, type Mark } from './mark.ts'

/** One line of the revocation feed, version 1 (docs/feed.md). Numbers are places in the log. */
export type FeedMessage = FeedHello | FeedMarks | FeedHead | FeedEnd

/** The first line: whose log it is, and from where on it is told. */
export interface FeedHello {
  readonly type: 'hello'
  readonly v: 1
  readonly issuer: string
  /** `snapshot`: everything from the beginning, `after` is 0; `resume`: what follows `after`. */
  readonly mode: 'snapshot' | 'resume'
  readonly after: number
  /** Seconds between two heads of a stream. */
  readonly heartbeat: number
}

/** Every mark that still matters with a number above `previous`, up to and including `number`. */
export interface FeedMarks {
  readonly type: 'marks'
  readonly previous: number
  readonly number: number
  readonly marks: readonly Mark[]
}

/** The head as it was read from where it is decided. Everything up to it has been sent before. */
export interface FeedHead {
  readonly type: 'head'
  readonly number: number
  /** Seconds on this answer's own clock, which began with the request, at which that reading began. */
  readonly asOf: number
}

/** The answer ends as it should; a new one goes on from here. */
export interface FeedEnd {
  readonly type: 'end'
}

/** Writes a message as one line, without its line feed. */
export function formatFeedMessage(message: FeedMessage): string {
  if (message.type !== 'marks') return JSON.stringify(message)
  const marks = message.marks.map(({ kind, id, number, expiresAt }) => [kind, id, number, expiresAt])
  return JSON.stringify({ ...message, marks })
}

/**
 * Reads one line, in UTF-8 and without its line feed. `undefined` for a type that a later server may have added.
 * Throws `policy/feed` for what is no message of this version.
 */
export function parseFeedMessage(line: Uint8Array): FeedMessage | undefined {
  const object = parsed(line)
  const { type } = object
  if (typeof type !== 'string') throw malformed('a line does not say its type')
  const known = readers.get(type)
  if (known === undefined) return undefined
  const message = known(object)
  if (message === undefined) throw malformed(`a message of type ${type} is not as it should be`)
  return message
}

function parsed(line: Uint8Array): JsonObject {
  try {
    return parseJsonObject(line)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new PolicyError('policy/feed', 'Cannot read the feed: a line is no JSON object', { cause })
  }
}

type Reader = (object: JsonObject) => FeedMessage | undefined

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['hello', readHello],
  ['marks', readMarks],
  ['head', readHead],
  ['end', () => ({ type: 'end' })],
])

function readHello({ v, issuer, mode, after, heartbeat }: JsonObject): FeedHello | undefined {
  if (v !== 1) throw malformed('it is of another version')
  if (typeof issuer !== 'string' || !isPlace(after) || !isSeconds(heartbeat) || heartbeat === 0)
    return undefined
  if (mode !== 'resume' && (mode !== 'snapshot' || after !== 0)) return undefined
  return { type: 'hello', v, issuer, mode, after, heartbeat }
}

function readMarks({ previous, number, marks }: JsonObject): FeedMarks | undefined {
  if (!isPlace(previous) || !isPlace(number) || number < previous || !Array.isArray(marks)) return undefined
  const read = marks.map(readMark)
  if (!read.every((mark) => mark !== undefined)) return undefined
  if (!read.every((mark) => mark.number > previous && mark.number <= number)) return undefined
  return { type: 'marks', previous, number, marks: read }
}

function readMark(value: JsonValue): Mark | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined
  const [kind, id, number, expiresAt] = value
  if (typeof kind !== 'string' || !isMarkKind(kind) || typeof id !== 'string' || id === '') return undefined
  if (!isPlace(number) || !isSeconds(expiresAt)) return undefined
  return { kind, id, number, expiresAt }
}

function readHead({ number, asOf }: JsonObject): FeedHead | undefined {
  return isPlace(number) && isSeconds(asOf) ? { type: 'head', number, asOf } : undefined
}

function isPlace(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isSeconds(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function malformed(state: string): PolicyError {
  return new PolicyError('policy/feed', `Cannot read the feed: ${state}`)
}
