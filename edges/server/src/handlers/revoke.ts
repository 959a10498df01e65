import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'
import { readTokenRequest } from '../token-request.ts'

/** Answers the revocation endpoint (RFC 7009 §2.2): the same for a token that was revoked and for one that never was. */
export function revokeHandler({ authority }: ServerContext): Handler {
  return async (exchange) => {
    await authority.revocation.revoke(await readTokenRequest(exchange))
    return { status: 200, body: null }
  }
}
