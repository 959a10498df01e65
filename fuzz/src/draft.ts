import { constants, createHmac, type KeyObject, sign } from 'node:crypto'
import { type FuzzAlgorithm, testKey } from './keys.ts'

/** What every subject is told; the time never moves. */
export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'https://api.example'
export const NOW = 1_800_000_000
export const SKEW = 30
export const LONGEST_LIFETIME = 3600

/** A token on its way: mutations change what their stage has. */
export interface Draft {
  readonly alg: FuzzAlgorithm
  header: Record<string, unknown>
  claims: Record<string, unknown>
  headerText: Buffer
  claimsText: Buffer
  /** How it is signed; the header need not say the same. */
  signing: { readonly alg: FuzzAlgorithm; readonly key: KeyObject }
  signature: Buffer
  token: string
}

/** A stage changes one thing and leaves what comes after it to be made. */
export type Stage = 'claims' | 'header' | 'json' | 'signature' | 'text'

export const stages: readonly Stage[] = ['claims', 'header', 'json', 'signature', 'text']

/** A token that everybody accepts, so far as its algorithm is known to them. */
export function goodDraft(alg: FuzzAlgorithm): Draft {
  const { kid, signing } = testKey(alg)
  return {
    alg,
    header: { alg, typ: 'at+jwt', kid },
    claims: {
      iss: ISSUER,
      sub: 'ada',
      aud: AUDIENCE,
      exp: NOW + 600,
      iat: NOW - 60,
      jti: 'jti-1',
      client_id: 'app',
      scope: 'read write',
    },
    headerText: Buffer.alloc(0),
    claimsText: Buffer.alloc(0),
    signing: { alg, key: signing },
    signature: Buffer.alloc(0),
    token: '',
  }
}

/** Makes what the next stage starts from. */
export function advance(draft: Draft, stage: Stage): void {
  if (stage === 'json') {
    draft.headerText = Buffer.from(JSON.stringify(draft.header))
    draft.claimsText = Buffer.from(JSON.stringify(draft.claims))
  } else if (stage === 'signature') {
    draft.signature = signed(`${signingInput(draft)}`, draft.signing)
  } else if (stage === 'text') {
    draft.token = `${signingInput(draft)}.${draft.signature.toString('base64url')}`
  }
}

export function signingInput({ headerText, claimsText }: Draft): string {
  return `${headerText.toString('base64url')}.${claimsText.toString('base64url')}`
}

export function signed(input: string, { alg, key }: Draft['signing']): Buffer {
  const bytes = Buffer.from(input)
  if (key.type === 'secret') return createHmac('sha256', key).update(bytes).digest()
  if (alg === 'ES256') return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
  if (alg === 'Ed25519') return sign(null, bytes, key)
  if (alg === 'PS256') return sign('sha256', bytes, { key, ...PSS })
  return sign('sha256', bytes, key)
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const
