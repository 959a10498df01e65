import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Verifier } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { withAuth } from '@jotwarden/verifier/node'
import * as client from 'openid-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { DpopClient, proofClaims } from './dpop-client.ts'

/** An API on a loopback port, and what it was asked. */
async function api(verifier: Verifier): Promise<{ url: URL; answered: number[] }> {
  const answered: number[] = []
  const guarded = withAuth(verifier, {}, (_, response, auth) => response.end(auth.confirmation?.type))
  const server = createServer((request, response) => {
    response.on('finish', () => answered.push(response.statusCode))
    void guarded(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/orders?page=2`), answered }
}

/** The clients' clock is the machine's: so is the issuer's, but it stands. */
async function scene() {
  const issuer = await LoopbackIssuer.start()
  issuer.clock.pass(Date.now() / 1000 - issuer.clock.now())
  const verifier = issuer.verifier({ dpop: dpop({ nonce: { lifetime: 20 } }) })
  return { issuer, verifier, ...(await api(verifier)) }
}

describe('dpop() and the client library openid-client', () => {
  for (const alg of ['ES256', 'PS256', 'Ed25519'])
    test(`under ${alg}: the first request is told a nonce, those after it pass`, async () => {
      const { issuer, url, answered } = await scene()
      const configuration = new client.Configuration({ issuer: issuer.issuer }, 'client-1')
      client.allowInsecureRequests(configuration)
      const handle = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair(alg))
      const token = await issuer.mint({ cnf: { jkt: await handle.calculateThumbprint() } })
      const ask = (method: string) =>
        client.fetchProtectedResource(configuration, token, url, method, null, new Headers(), {
          DPoP: handle,
        })
      expect(await (await ask('GET')).text()).toBe('dpop')
      expect(await (await ask('POST')).text()).toBe('dpop')
      // The nonce that comes with an answer is taken up in time: no request is refused for its nonce again
      for (let slot = 0; slot < 3; slot += 1) {
        issuer.clock.pass(20)
        expect(await (await ask('GET')).text()).toBe('dpop')
      }
      expect(answered).toEqual([401, 200, 200, 200, 200, 200])
    })
})

describe('dpop() over HTTP', () => {
  async function bound() {
    const { issuer, url } = await scene()
    const holder = new DpopClient()
    const token = await issuer.mint({ cnf: { jkt: holder.thumbprint } })
    const now = issuer.clock.now()
    const htu = url.href.replace(/\?.*/, '')
    const first = holder.proof(proofClaims(token, now, { htu }))
    const send = (...proofs: string[]): Promise<Response> => {
      const headers = [['authorization', `DPoP ${token}`], ...proofs.map((proof) => ['dpop', proof])]
      return fetch(url, { headers: headers as [string, string][] })
    }
    const refused = await send(first)
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    const proof = () => holder.proof(proofClaims(token, now, { htu, nonce }))
    return { refused, proof, send }
  }

  test('says how, with the scheme, the algorithms and the nonce', async () => {
    const { refused } = await bound()
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP .*error="use_dpop_nonce".*algs="ES256 /)
  })

  test('of two requests at once with one proof one passes', async () => {
    const { proof, send } = await bound()
    const sent = proof()
    const statuses = (await Promise.all([send(sent), send(sent)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 401])
    expect((await send(proof())).status).toBe(200)
  })

  test('two header fields are refused', async () => {
    const { proof, send } = await bound()
    expect((await send(proof(), proof())).status).toBe(401)
  })
})
