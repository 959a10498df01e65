import { type JsonObject, parseJsonObject } from '@jotwarden/token'
import { boundedBody } from './bounded-body.ts'
import { VerifierError, type VerifierReason } from './errors.ts'
import { DeadlinePassed, type Fetch, withDeadline } from './platform.ts'

/** A JSON document as it came, with what its answer says of how long to keep it. */
export interface FetchedDocument {
  readonly document: JsonObject
  /** Seconds, from `Cache-Control: max-age` less `Age`; undefined when the answer does not say. */
  readonly maxAge: number | undefined
}

/** What {@link fetchDocument} needs beside the address. */
export interface FetchDocumentOptions {
  readonly fetch: Fetch
  /** Seconds for the whole exchange, body included. */
  readonly timeout: number
}

/**
 * Fetches a JSON object of at most 64 kB, following no redirect and sending no cookie.
 * Answers `undefined` when the server has no such document (404 or another 4xx).
 * Throws `verifier/keys-unavailable` with a reason when it cannot be had.
 */
export async function fetchDocument(
  url: string,
  options: FetchDocumentOptions,
): Promise<FetchedDocument | undefined> {
  try {
    return await withDeadline(options.timeout, (signal) => exchange(url, options.fetch, signal))
  } catch (cause) {
    if (cause instanceof VerifierError) throw cause
    if (cause instanceof DeadlinePassed)
      throw unavailable('timeout', 'the issuer did not answer in time', cause)
    throw unavailable('network', 'the issuer cannot be reached', cause)
  }
}

async function exchange(
  url: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<FetchedDocument | undefined> {
  // 'manual' rather than 'error': every platform knows it, and the answer below says what was refused
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'manual',
    credentials: 'omit',
    signal,
  })
  if (response.status !== 200 || response.redirected) {
    await response.body?.cancel()
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return undefined
    throw unavailable('document-status', `the issuer answered with status ${response.status}`)
  }
  const bytes = await boundedBody(response, longestDocument)
  if (bytes === undefined) throw unavailable('document-too-large', 'the issuer answered with more than 64 kB')
  try {
    return { document: parseJsonObject(bytes, documentLimits), maxAge: maxAgeOf(response.headers) }
  } catch (cause) {
    throw unavailable('document-malformed', 'the issuer did not answer with a JSON object', cause)
  }
}

/** Reads RFC 9111 §5.2.2.1 `max-age`, less the `Age` that a cache on the way has added. */
function maxAgeOf(headers: Headers): number | undefined {
  const directives = (headers.get('cache-control') ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0
  const [, seconds] =
    directives.map((one) => /^max-age="?([0-9]{1,10})"?$/.exec(one)).find((match) => match !== null) ?? []
  if (seconds === undefined) return undefined
  const age = headers.get('age') ?? ''
  return Math.max(0, Number(seconds) - (/^[0-9]{1,10}$/.test(age) ? Number(age) : 0))
}

function unavailable(reason: VerifierReason, state: string, cause?: unknown): VerifierError {
  return new VerifierError('verifier/keys-unavailable', `Cannot fetch the keys: ${state}`, { reason, cause })
}

const longestDocument = 64 * 1024
// A hundred keys with a dozen members each are legitimate
const documentLimits = { maxDepth: 16, maxMembers: 4000 }
