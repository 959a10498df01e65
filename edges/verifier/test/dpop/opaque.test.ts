import { dpop } from '@jotwarden/verifier/dpop'
import { introspection } from '@jotwarden/verifier/introspection'
import { expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { DpopClient, parts, proofClaims } from './dpop-client.ts'

const token = 'jwo_0123456789abcdefghij'

// RFC 9449 §6.2
test('dpop() takes an opaque token that its issuer says is bound, with its proof and not without', async () => {
  const issuer = await LoopbackIssuer.start()
  const client = new DpopClient()
  issuer.endpoints.introspection_endpoint = `${issuer.origin}/introspect`
  issuer.answers.set('/introspect', (_, response) => {
    const cnf = { jkt: client.thumbprint }
    response.end(JSON.stringify({ active: true, token_type: 'DPoP', ...issuer.claims(), cnf }))
  })
  const verifier = issuer.verifier({
    dpop: dpop({ nonce: null }),
    introspection: introspection({ clientId: 'api', clientSecret: 'canary:s3cret' }),
  })
  const send = (proof: string): Promise<unknown> =>
    verifier.authenticate(
      parts([
        ['authorization', `DPoP ${token}`],
        ['dpop', proof],
      ]),
    )
  const proof = client.proof(proofClaims(token, issuer.clock.now()))
  expect(await send(proof)).toMatchObject({ tokenKind: 'opaque', confirmation: { type: 'dpop' } })
  expect(await refusal(send(proof))).toBe('verifier/invalid-dpop-proof replayed')
  const thief = new DpopClient().proof(proofClaims(token, issuer.clock.now()))
  expect(await refusal(send(thief))).toBe('verifier/invalid-dpop-proof wrong-key')
  expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token sender-constrained')
})
