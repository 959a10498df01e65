import { cacheableAnswer, cacheableDocument } from '../cacheable.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the published key set (RFC 7517 §5); made again when the keys change. */
export function jwksHandler({ authority, jwksMaxAge }: ServerContext): Handler {
  const { keyring } = authority
  let generation = keyring.generation
  let document = cacheableDocument(keyring.jwks())
  return ({ request }) => {
    if (generation !== keyring.generation) {
      generation = keyring.generation
      document = cacheableDocument(keyring.jwks())
    }
    return cacheableAnswer(request, document, jwksMaxAge)
  }
}

/** Seconds for which others may keep the key set, unless told. The key plan must say the same. */
export const JWKS_MAX_AGE = 300
