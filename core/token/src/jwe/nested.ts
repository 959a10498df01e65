import { utf8Bytes } from '#platform'
import { TokenError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { KeySource } from '../key-set.ts'

import { signJwt } from '../sign.ts'
import type { Signer } from '../signer.ts'
import type { Random } from '../time-and-chance.ts'
import { type VerifiedToken, verifyAsync } from '../verify.ts'
import type { VerifyKey } from '../verify-key.ts'
import { checkReplicatedClaims } from './claims-differ.ts'
import { type DecryptKeys, type DecryptLimits, decrypt, type JweHeader } from './decrypt.ts'
import { isNested } from './decrypt-claims.ts'
import { type EncryptOptions, encrypt } from './encrypt.ts'
import type { DecryptKey, EncryptKey } from './keys.ts'

/** The signed token that was inside; its header, `typ` and claims are what its signer said. */
export interface NestedToken extends VerifiedToken {
  readonly encryption: { readonly header: JweHeader; readonly key: DecryptKey }
}

/**
 * Decrypts a nested token and verifies the JWS inside by its own keys (RFC 7519 §5.2, RFC 8725 §3.3): encryption alone
 * proves nothing about who wrote it. Inside must be a JWS, never a JWE, an unsigned token or bare claims.
 * Throws the codes of `decrypt` and of `verify`, `jwe/nested` and `jwe/claims-differ`.
 */
export async function decryptThenVerify(
  token: string,
  decryptKeys: DecryptKeys,
  verifyKeys: VerifyKey | KeySource,
  options: DecryptLimits = {},
): Promise<NestedToken> {
  const { header, plaintext, key } = await decrypt(token, decryptKeys, options)
  if (!isNested(header)) throw refusal('its cty does not say that a token is inside')
  const inner = compactJws(plaintext)
  const verified = await verifyAsync(inner, verifyKeys, options)
  checkReplicatedClaims(header, verified.claims)
  return { ...verified, encryption: { header, key } }
}

/** What the header of the JWE around a signed token says. */
export interface NestedOptions extends Omit<EncryptOptions, 'cty' | 'replicated'> {
  /** Which claims the JWE header repeats, in the clear (RFC 7519 §5.3). */
  readonly replicate?: readonly ('iss' | 'sub' | 'aud')[]
}

/**
 * Signs, then encrypts (RFC 7519 §11.2): the signature covers the claims, and nobody on the way sees who signed.
 * Throws the codes of `signJwt` and of `encrypt`, and `token/claims` for a claim to repeat that is no text.
 */
export async function signThenEncrypt(
  token: { readonly typ: string; readonly claims: JsonObject },
  signer: Signer,
  key: EncryptKey,
  random: Random,
  options: NestedOptions = {},
): Promise<string> {
  const { replicate = [], ...rest } = options
  const replicated = Object.fromEntries(replicate.map((name) => [name, replicable(token.claims, name)]))
  const inner = utf8Bytes(await signJwt(token, signer))
  return encrypt(inner, key, random, { ...rest, cty: 'JWT', replicated })
}

/** ASCII alone, so that no decoding can change what was signed. */
function compactJws(plaintext: Uint8Array): string {
  let text = ''
  for (const byte of plaintext) text += String.fromCharCode(byte)
  if (COMPACT_JWS.test(text)) return text
  throw refusal('what is inside is no signed token')
}

function replicable(claims: JsonObject, name: string): string | readonly string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value === 'string') return value
  if (name === 'aud' && Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new TokenError('token/claims', `Cannot encrypt the token: it has no ${name} to repeat`)
}

function refusal(state: string): TokenError {
  return new TokenError('jwe/nested', `Cannot accept the token: ${state}`)
}

/** Three parts, none of them empty: no JSON, no JWE, no unsigned token (RFC 7519 §6). */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/
