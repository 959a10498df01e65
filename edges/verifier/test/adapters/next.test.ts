import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { dpop } from '@jotwarden/verifier/dpop'
import { authProxy, createAuth } from '@jotwarden/verifier/next'
import { createTestIssuer } from '@jotwarden/verifier/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { bundleApp, describeWith, runtimesFolder } from './runtimes.ts'
import { describeAdapter, send } from './scenarios.ts'

describeWith(['next', 'react', 'react-dom'], 'Next.js', () => {
  let server: ChildProcess
  let origin = ''

  beforeAll(async () => {
    await bundleApp('next/guarded.ts', 'next/.jotwarden/guarded.mjs')
    server = spawn(process.execPath, [`${runtimesFolder}next/serve.mjs`], {
      env: { PATH: process.env.PATH, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'development' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    origin = await new Promise<string>((resolve, reject) => {
      const { stdout } = server
      if (stdout === null) return reject(new Error('it has no output'))
      createInterface(stdout).on('line', (line) => {
        const port = /^listening on (\d+)$/.exec(line)?.[1]
        if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
      })
      server.once('exit', () => reject(new Error('it has ended')))
    })
  }, 120_000)

  afterAll(() => {
    server?.stdin?.end()
  })

  // Of repeated Authorization lines Next.js hands over the first alone: nobody behind it can tell
  const lostByNext = ['two good Authorization headers', 'a good Authorization header before another']
  describeAdapter(
    'withAuth() for route handlers',
    async (_, issuer) => ({
      origin,
      stop: async () => undefined,
      ask: (route) => ({ method: 'GET', path: `/api/${route}?issuer=${issuer.issuer}` }),
    }),
    lostByNext,
  )

  async function page(
    path: string,
    token?: string,
  ): Promise<{ status: number; text: string; told: unknown }> {
    const { status, headers, body } = await send(origin + path, {
      lines: token === undefined ? [] : [['authorization', `Bearer ${token}`]],
    })
    return {
      status,
      told: headers['www-authenticate'],
      text: /It is [^<]*|The proxy [^<]*/.exec(body)?.[0] ?? '',
    }
  }

  test('auth() in a server component knows who asks for the page, and what was granted', async () => {
    const issuer = await LoopbackIssuer.start()
    const path = `/whoami?issuer=${issuer.issuer}`
    expect((await page(path, await issuer.mint())).text).toBe('It is user-1')
    expect((await page(path)).text).toBe('It is refused: verifier/no-credentials')
    expect((await page(path, 'x.y.z')).text).toBe('It is refused: verifier/invalid-token')
    expect((await page(path, await issuer.mint({ scope: 'write' }))).text).toBe(
      'It is refused: verifier/insufficient-scope',
    )
  })

  test('authProxy() in proxy.js refuses early, and lets all else go on', async () => {
    const issuer = await LoopbackIssuer.start()
    const path = `/proxied?issuer=${issuer.issuer}`
    expect(await page(path)).toMatchObject({ status: 401, told: 'Bearer realm="orders"' })
    expect((await page(path, 'x.y.z')).status).toBe(401)
    expect(await page(path, await issuer.mint())).toMatchObject({
      status: 200,
      text: 'The proxy has let it pass',
    })
  })

  test('a route at the well-known path serves the metadata of the resource', async () => {
    const { status, headers, body } = await send(`${origin}/.well-known/oauth-protected-resource`, {})
    expect([status, headers['access-control-allow-origin'], JSON.parse(body).resource]).toEqual([
      200,
      '*',
      'https://api.example',
    ])
  })
})

describe('for Next.js', () => {
  test('auth() refuses a token that is bound to a key, whatever is sent with it', async () => {
    const issuer = await createTestIssuer()
    const token = await issuer.mint({ cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' } })
    for (const authorization of [`Bearer ${token}`, `DPoP ${token}`]) {
      const headers = async (): Promise<Headers> => new Headers({ authorization, dpop: 'x.y.z' })
      const verifier = issuer.verifier({ dpop: dpop({ required: false, nonce: null }) })
      expect(await refusal(createAuth(verifier, headers)())).toMatch(/^verifier\/invalid/)
    }
  })

  test('authProxy() takes no verifier with DPoP, whose proofs it would use up', async () => {
    const issuer = await createTestIssuer()
    expect(() => authProxy(issuer.verifier({ dpop: dpop() }))).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
  })
})
