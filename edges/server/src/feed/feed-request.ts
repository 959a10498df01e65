import { AuthorityError } from '@jotwarden/authority'

/** What somebody asks the feed for. */
export interface FeedRequest {
  /** The number up to which they have everything; undefined when they have nothing. */
  readonly after: number | undefined
  /** `poll` ends with the first head. */
  readonly mode: 'stream' | 'poll'
}

/** Reads the query. Throws `oauth/invalid_request` for whatever docs/feed.md does not name. */
export function parseFeedRequest(query: string): FeedRequest {
  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys()) {
    if (name !== 'after' && name !== 'mode') throw refusal('it has a parameter that is none of the feed')
    if (parameters.getAll(name).length > 1) throw refusal('a parameter is repeated')
  }
  return { after: afterOf(parameters.get('after')), mode: modeOf(parameters.get('mode')) }
}

function afterOf(text: string | null): number | undefined {
  if (text === null) return undefined
  if (PLACE.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw refusal('after is not a whole number in its plain form')
}

function modeOf(text: string | null): FeedRequest['mode'] {
  if (text === null || text === 'stream') return 'stream'
  if (text === 'poll') return 'poll'
  throw refusal('mode is neither stream nor poll')
}

function refusal(state: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot read the request: ${state}`)
}

const PLACE = /^(?:0|[1-9]\d{0,15})$/
