import { VerifierError } from '@jotwarden/verifier'
import { createMultiIssuerVerifier } from '@jotwarden/verifier/multi-issuer'
import { describe, expect, onTestFinished, test } from 'vitest'
import { audience, LoopbackIssuer, refusal } from './loopback-issuer.ts'

async function world() {
  const [one, other, stranger] = await Promise.all([
    LoopbackIssuer.start(),
    LoopbackIssuer.start('/tenant'),
    LoopbackIssuer.start(),
  ])
  const verifier = createMultiIssuerVerifier([
    { issuer: one.issuer, audience, revocation: null, clock: one.clock },
    { issuer: other.issuer, audience: 'https://other.example', revocation: null, clock: other.clock },
  ])
  onTestFinished(() => verifier.close())
  return { one, other, stranger, verifier }
}

describe('createMultiIssuerVerifier()', () => {
  test('checks each token by the keys and the audience of its own issuer', async () => {
    const { one, other, verifier } = await world()
    expect((await verifier.verify(await one.mint())).issuer).toBe(one.issuer)
    const token = await other.mint({ aud: 'https://other.example' })
    expect((await verifier.verify(token)).issuer).toBe(other.issuer)
    expect(verifier.verifySync(token).issuer).toBe(other.issuer)
    const request = new Request('https://api.example/', { headers: { authorization: `Bearer ${token}` } })
    expect((await verifier.authenticate(request)).issuer).toBe(other.issuer)
    expect(await refusal(verifier.verify(await other.mint()))).toBe('verifier/invalid-token wrong-audience')
  })

  test('a token that names one issuer and is signed by another is refused, by key id or by signature', async () => {
    const { one, other, verifier } = await world()
    const foreign = await other.mint({ iss: one.issuer })
    expect(await refusal(verifier.verify(foreign))).toBe('verifier/invalid-token token/unknown-key')
    const signer = other.keys[0]?.signer
    const kid = one.keys[0]?.publicJwk.kid ?? ''
    const posing = await one.mint({}, signer && { ...signer, kid })
    expect(await refusal(verifier.verify(posing))).toBe('verifier/invalid-token token/signature')
  })

  for (const iss of [undefined, null, '', '__proto__', 'constructor', ['x'], 1])
    test(`a token whose iss is ${JSON.stringify(iss)} is refused and costs no fetch`, async () => {
      const { one, other, verifier } = await world()
      const { iss: _own, ...claims } = one.claims()
      const token = await one.mint(iss === undefined ? { iss: null } : { ...claims, iss })
      expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token wrong-issuer')
      expect([...one.asked, ...other.asked]).toEqual([])
    })

  test('an issuer that is not ours costs no fetch, and is counted', async () => {
    const { one, stranger, verifier } = await world()
    for (const token of [await stranger.mint(), await one.mint({ iss: `${one.issuer}/` })])
      expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token wrong-issuer')
    expect([...one.asked, ...stranger.asked]).toEqual([])
    expect(verifier.counters()).toMatchObject({ refused: 2, accepted: 0, 'keys-loaded': 0 })
  })

  test('a token of wrong form is refused as such', async () => {
    const { verifier } = await world()
    expect(await refusal(verifier.verify('a.b'))).toBe('verifier/invalid-token token/malformed')
    expect(() => verifier.verifySync('')).toThrow(VerifierError)
  })

  test('needs at least one issuer, and each once', async () => {
    const options = { issuer: 'https://i.example', audience, revocation: null } as const
    expect(() => createMultiIssuerVerifier([])).toThrow(/issuers names none/)
    expect(() => createMultiIssuerVerifier([options, options])).toThrow(/named twice/)
  })
})
