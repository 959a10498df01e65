import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  importSecretJwk,
  importSignKey,
  importVerifyKey,
  type JwsAlgorithm,
  type KeySource,
  parsePrivateJwk,
  parsePublicJwk,
  parseSecretJwk,
  publicJwkOf,
  type SecretAlgorithm,
  type VerifyKey,
  verify,
  verifyJws,
  verifyJwsAsync,
} from '@jotwarden/token'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from './samples.ts'
import { type Token, webToken } from './web-build.ts'

/** One file of the JOSE Cookbook, as far as it is read here. */
interface Example {
  readonly input: { readonly payload: string; readonly key: unknown; readonly alg: string }
  readonly output: { readonly compact?: string; readonly json: unknown; readonly json_flat?: unknown }
}

const ours = fileURLToPath(new URL('../../../vectors/rfc', import.meta.url))
const beside =
  process.env.JOTWARDEN_COOKBOOK ??
  fileURLToPath(new URL('../../../../shared/vectors/cookbook', import.meta.url))
const FOLDERS = [
  {
    name: 'our copy',
    jwk: `${ours}/rfc7520`,
    jws: `${ours}/rfc7520`,
    b64: `${ours}/rfc7797`,
    ed: `${ours}/ed25519-jws.json`,
  },
  {
    name: 'the folder beside the repository',
    jwk: `${beside}/jwk`,
    jws: `${beside}/jws`,
    b64: `${beside}/rfc7797`,
    ed: `${beside}/curve25519/jws.json`,
  },
]
if (!existsSync(beside))
  console.warn(`SKIPPED: the JOSE Cookbook is not at ${beside}; our copy of it is tested alone`)

let web: Token
beforeAll(async () => {
  web = await webToken()
})

describe.each(FOLDERS.filter(({ jws }) => existsSync(jws)))(
  'the JOSE Cookbook, $name',
  ({ jwk, jws, b64, ed }) => {
    const files = readdirSync(jws).filter((name) => name.startsWith('4_'))
    const compact = [...files.map((name) => `${jws}/${name}`), ed].filter(
      (path) => isCompact(path) && !path.includes('detached'),
    )

    test.each(compact.map((path) => ({ path, name: basename(path) })))(
      '$name: the signature is accepted, on both platforms, and no other payload',
      async ({ path }) => {
        const { input, output } = example(path)
        const token = output.compact ?? ''
        const key = verifyKeyOf(input)
        expect(new TextDecoder().decode(verifyJws(token, key).payload)).toBe(input.payload)
        expect((await verifyJwsAsync(token, key)).header.alg).toBe(input.alg)
        expect(
          new TextDecoder().decode((await web.verifyJwsAsync(token, await webKeyOf(input))).payload),
        ).toBe(input.payload)
        const [header, payload = '', signature] = token.split('.')
        const changed = `${header}.${payload.startsWith('S') ? 'T' : 'S'}${payload.slice(1)}.${signature}`
        expect(codeOf(() => verifyJws(changed, key))).toBe('token/signature')
        // Prose is no set of claims
        expect(codeOf(() => verify(token, key))).toBe('token/json')
      },
    )

    test('holds compact examples of RS256, PS384, ES512, HS256 and EdDSA', () => {
      expect(compact.map((path) => example(path).input.alg).sort()).toEqual([
        'ES512',
        'EdDSA',
        'HS256',
        'PS384',
        'RS256',
      ])
    })

    test('4.5: a payload that is kept apart is refused: a token is whole', () => {
      const { input, output } = example(`${jws}/4_5.signature_with_detached_content.json`)
      expect(output.compact).toContain('..')
      expect(codeOf(() => verifyJws(output.compact ?? '', verifyKeyOf(input)))).toBe('token/signature')
    })

    test.each(files)('%s: the JSON serializations are refused: there is one form of a token', (name) => {
      const { output } = example(`${jws}/${name}`)
      const none: KeySource = { select: () => [] }
      for (const form of [output.json, output.json_flat].filter((one) => one !== undefined))
        expect(['token/malformed', 'token/base64url']).toContain(
          codeOf(() => verifyJws(JSON.stringify(form), none)),
        )
    })

    test('RFC 7797: a payload that is not encoded is refused, and so is the header that says so', () => {
      const { input, output } = example(`${b64}/hmac-sha2_b64_false.json`)
      const key = verifyKeyOf(input)
      const [header, , signature] = (output.compact ?? '').split('.')
      expect(codeOf(() => verifyJws(output.compact ?? '', key))).toBe('token/base64url')
      expect(codeOf(() => verifyJws(`${header}.VGhpcw.${signature}`, key))).toBe('token/crit')
      const second = example(`${b64}/4.2.hmac-sha2_b64_false.json`)
      expect(['token/malformed', 'token/base64url']).toContain(
        codeOf(() => verifyJws(JSON.stringify(second.output.json_flat), key)),
      )
    })

    test('section 3: the keys are read, each for what it is', () => {
      const key = (name: string): unknown => JSON.parse(readFileSync(`${jwk}/${name}.json`, 'utf8'))
      expect(importVerifyKey(parsePublicJwk(key('3_1.ec_public_key'))).alg).toBe('ES512')
      expect(importSignKey(parsePrivateJwk(key('3_2.ec_private_key'))).alg).toBe('ES512')
      const rsa = parsePublicJwk(key('3_3.rsa_public_key'))
      expect(codeOf(() => importVerifyKey(rsa))).toBe('key/unsupported')
      expect(importVerifyKey(rsa, { alg: 'PS256' }).alg).toBe('PS256')
      expect(importSignKey(parsePrivateJwk(key('3_4.rsa_private_key')), { alg: 'RS512' }).alg).toBe('RS512')
      expect(importSecretJwk(parseSecretJwk(key('3_5.symmetric_key_mac_computation'))).verify.alg).toBe(
        'HS256',
      )
      expect(codeOf(() => importSecretJwk(parseSecretJwk(key('3_6.symmetric_key_encryption'))))).toBe(
        'key/unsupported',
      )
    })
  },
)

function example(path: string): Example {
  return JSON.parse(readFileSync(path, 'utf8')) as Example
}

function isCompact(path: string): boolean {
  return example(path).output.compact !== undefined
}

function verifyKeyOf({ key, alg }: Example['input']): VerifyKey {
  if (alg.startsWith('HS'))
    return importSecretJwk(parseSecretJwk(key), { alg: alg as SecretAlgorithm }).verify
  const jwk = publicJwkOf(parsePrivateJwk(key))
  if (alg === 'EdDSA') return importVerifyKey({ ...jwk, alg }, { acceptEdDSA: true })
  return importVerifyKey(jwk, { alg: alg as JwsAlgorithm })
}

async function webKeyOf({ key, alg }: Example['input']): Promise<VerifyKey> {
  if (alg.startsWith('HS'))
    return (await web.loadSecretJwk(web.parseSecretJwk(key), { alg: alg as SecretAlgorithm })).verify
  const jwk = web.publicJwkOf(web.parsePrivateJwk(key))
  if (alg === 'EdDSA') return web.loadVerifyKey({ ...jwk, alg }, { acceptEdDSA: true })
  return web.loadVerifyKey(jwk, { alg: alg as JwsAlgorithm })
}
