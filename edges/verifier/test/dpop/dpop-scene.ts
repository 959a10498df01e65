import type { AuthContext, VerifierOptions } from '@jotwarden/verifier'
import { type DpopOptions, dpop } from '@jotwarden/verifier/dpop'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { DpopClient, parts, proofClaims } from './dpop-client.ts'

/** A client with a bound token, and an API that asks for no nonce: the tests of nonces stand in a file of their own. */
export async function scene(options: DpopOptions = {}, over: Partial<VerifierOptions> = {}) {
  const issuer = await LoopbackIssuer.start()
  const client = new DpopClient()
  const verifier = issuer.verifier({ dpop: dpop({ nonce: null, ...options }), ...over })
  const token = await issuer.mint({ cnf: { jkt: client.thumbprint } })
  const claims = (more: Readonly<Record<string, unknown>> = {}) =>
    proofClaims(token, issuer.clock.now(), more)
  const send = (proof: string, request: Parameters<typeof parts>[1] = {}): Promise<AuthContext> =>
    verifier.authenticate(
      parts(
        [
          ['authorization', `DPoP ${token}`],
          ['dpop', proof],
        ],
        request,
      ),
    )
  return { issuer, client, verifier, token, claims, send }
}

export type Scene = Awaited<ReturnType<typeof scene>>

export const invalid = 'verifier/invalid-dpop-proof'
