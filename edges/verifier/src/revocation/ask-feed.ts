import { type FeedMessage, PolicyError, parseFeedMessage } from '@jotwarden/policy'
import type { Fetch } from '../platform.ts'
import { FeedFailure } from './feed-failure.ts'
import { readLines } from './read-lines.ts'
import type { FeedMode } from './revocation-event.ts'

/** One question to the feed. */
export interface FeedRequest {
  readonly url: string
  readonly after: number | undefined
  readonly mode: FeedMode
  readonly authorization: string
  readonly fetch: Fetch
  readonly signal: AbortSignal
  /** Called whenever bytes come. */
  readonly onBytes: () => void
}

/** Asks the feed and gives its messages as they come. Throws a {@link FeedFailure}, or what `fetch` throws. */
export async function* askFeed(request: FeedRequest): AsyncGenerator<FeedMessage, void, void> {
  const { fetch, authorization, signal } = request
  const response = await fetch(feedUrl(request), {
    headers: {
      accept: 'application/x-ndjson',
      authorization,
      // An answer out of a cache would make old news look new: its age is counted from this request
      'cache-control': 'no-cache',
    },
    redirect: 'manual',
    credentials: 'omit',
    signal,
  })
  if (response.status !== 200 || response.redirected) {
    const failure = answered(response)
    await response.body?.cancel()
    throw failure
  }
  for await (const line of readLines(watched(response, request.onBytes))) {
    const message = readMessage(line)
    if (message !== undefined) yield message
  }
}

function feedUrl({ url, after, mode }: FeedRequest): string {
  const asked = new URL(url)
  if (after !== undefined) asked.searchParams.set('after', String(after))
  asked.searchParams.set('mode', mode)
  return asked.href
}

function answered({ status, headers }: Response): FeedFailure {
  if (status === 400 || status === 401) return new FeedFailure('refused', { status })
  const wait = headers.get('retry-after') ?? ''
  return new FeedFailure('status', {
    status,
    retryAfter: (status === 503 || status === 429) && /^[0-9]{1,9}$/.test(wait) ? Number(wait) : undefined,
  })
}

async function* watched(response: Response, onBytes: () => void): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of response.body ?? []) {
    onBytes()
    yield chunk
  }
}

function readMessage(line: Uint8Array): FeedMessage | undefined {
  try {
    return parseFeedMessage(line)
  } catch (cause) {
    if (cause instanceof PolicyError) throw new FeedFailure('malformed')
    throw cause
  }
}
