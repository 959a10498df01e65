import { utf8Bytes } from '#platform'
import { TokenError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Random } from '../time-and-chance.ts'
import { type EncryptOptions, encrypt } from './encrypt.ts'
import type { EncryptKey } from './keys.ts'

/**
 * Makes an encrypted JWT (RFC 7519 §7.1). Only under a shared key will its reader take the claims for anybody's word;
 * for a public key use `signThenEncrypt`. Throws `token/claims` when the claims are no JSON object, and the codes of
 * `encrypt`.
 */
export async function encryptClaims(
  token: { readonly typ: string; readonly claims: JsonObject },
  key: EncryptKey,
  random: Random,
  options: Omit<EncryptOptions, 'typ' | 'cty'> = {},
): Promise<string> {
  // Judged as a text, since what becomes of an object with a `toJSON` is known only then
  const json: string | undefined = JSON.stringify(token.claims)
  if (json === undefined || !json.startsWith('{'))
    throw new TokenError('token/claims', 'Cannot encrypt the token: its claims are not an object')
  return encrypt(utf8Bytes(json), key, random, { ...options, typ: token.typ })
}
