import { cacheableAnswer, cacheableDocument } from '../cacheable.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the published key set (RFC 7517 §5); made again when the keys change. */
export function jwksHandler({ authority }: ServerContext): Handler {
  const { keyring } = authority
  let generation = keyring.generation
  let document = cacheableDocument(keyring.jwks())
  return ({ request }) => {
    if (generation !== keyring.generation) {
      generation = keyring.generation
      document = cacheableDocument(keyring.jwks())
    }
    return cacheableAnswer(request, document, JWKS_MAX_AGE)
  }
}

/**
 * Seconds for which others may keep the key set. Nothing here holds a key back until it was published so long: who
 * makes a pending key active must have waited, or verifiers may meet a key that they do not know yet.
 */
export const JWKS_MAX_AGE = 300
