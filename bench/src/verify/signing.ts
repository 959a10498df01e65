import { importSecretKey, importSignKey, type JsonObject, Secret, signerOf, signJwt } from '@jotwarden/token'
import { type Algorithm, createSigner } from 'fast-jwt'
import { SignJWT } from 'jose'
import jsonwebtoken, { type Algorithm as NamedAlgorithm, type Secret as PrivateKey } from 'jsonwebtoken'
import { type BenchAlgorithm, type KeyPair, keyPairFor, signedBy, verifiedBy } from './algorithms.ts'
import { claimsOfGoodToken, preparedOf, TokenPool } from './token-pool.ts'
import type { Timed } from './turns.ts'

export const signAlgorithms = ['HS256', 'ES256', 'Ed25519'] as const satisfies readonly BenchAlgorithm[]

/** Everybody who can sign by this algorithm, after a token of each was verified; the floor stands first. */
export async function signersOf(
  alg: (typeof signAlgorithms)[number],
  poolSize: number,
  only: readonly string[],
): Promise<readonly Timed[]> {
  const pair = keyPairFor(alg)
  const timed = [floor(new TokenPool(pair, poolSize))]
  for (const [name, make] of Object.entries(signers)) {
    if (name !== 'jotwarden' && only.length > 0 && !only.includes(name)) continue
    const sign = make(pair)
    if (sign === undefined) continue
    await checkSignature(name, sign, pair)
    timed.push({
      name,
      prepare: (count) => {
        const claims = Array.from({ length: count }, claimsOfGoodToken)
        return async () => {
          let signed = 0
          for (const one of claims) {
            const token = sign(one)
            // Who answers at once is not made to wait
            if ((typeof token === 'string' ? token : await token).length > 0) signed++
          }
          return signed
        }
      },
    })
  }
  return timed
}

type Sign = (claims: JsonObject) => string | Promise<string>

const signers: Readonly<Record<string, (pair: KeyPair) => Sign | undefined>> = {
  jotwarden: (pair) => {
    const signer = signerOf(signKeyOf(pair))
    return (claims) => signJwt({ typ: 'at+jwt', claims }, signer)
  },
  'fast-jwt': ({ alg, kid, privateKey }) => {
    const key =
      alg === 'HS256' ? privateKey.export() : privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const algorithm: Algorithm = alg === 'Ed25519' ? 'EdDSA' : (alg as Algorithm)
    const sign = createSigner({ key, algorithm, kid, header: { alg: algorithm, typ: 'at+jwt' } })
    return (claims) => sign(claims)
  },
  jose: ({ alg, kid, privateKey }) => {
    const key =
      alg === 'HS256'
        ? privateKey.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
        : privateKey
    return (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: 'at+jwt', kid }).sign(key)
  },
  jsonwebtoken: ({ alg, kid, privateKey }) => {
    if (alg === 'Ed25519') return undefined
    const algorithm = alg as NamedAlgorithm
    const options = { algorithm, keyid: kid, header: { alg: algorithm, typ: 'at+jwt' } }
    return (claims) => jsonwebtoken.sign(claims, privateKey as PrivateKey, options)
  },
}

function signKeyOf(pair: KeyPair): Parameters<typeof signerOf>[0] {
  const { alg, kid, privateKey } = pair
  if (alg === 'HS256') return importSecretKey(Secret.fromBytes(privateKey.export()), { alg, kid }).sign
  return importSignKey({ ...privateKey.export({ format: 'jwk' }), alg, kid } as Parameters<
    typeof importSignKey
  >[0])
}

function floor(pool: TokenPool): Timed {
  const sign = signedBy(pool.pair)
  return {
    name: 'floor',
    prepare: (count) => {
      const prepared = pool.prepared(count)
      return () => {
        let signed = 0
        for (const { data } of prepared) if (sign(data).length > 0) signed++
        return signed
      }
    },
  }
}

async function checkSignature(name: string, sign: Sign, pair: KeyPair): Promise<void> {
  const { data, signature } = preparedOf(await sign(claimsOfGoodToken()))
  if (!verifiedBy(pair)(data, signature))
    throw new Error(`Cannot measure ${name}: its ${pair.alg} signature does not match`)
}
