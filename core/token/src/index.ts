export { type AlgorithmEntry, isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from './algorithms.ts'
export { decodeBase64url, encodeBase64url } from './base64url.ts'
export { parseCompact, type TokenLimits, type UnverifiedToken } from './compact.ts'
export { decodeUnverified } from './decode-unverified.ts'
export { TokenError, type TokenErrorCode } from './errors.ts'
export { generateKeyPair } from './generate-key-pair.ts'
export type { UnverifiedHeader } from './header.ts'
export { type JsonLimits, type JsonObject, type JsonValue, parseJsonObject } from './json.ts'
export {
  jwkThumbprint,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  parsePublicJwk,
  publicJwkOf,
} from './jwk.ts'
export { KeySet, type KeySetOptions, type KeySource } from './key-set.ts'
export { keyedHash } from './keyed-hash.ts'
export { importSecretKey, importSignKey, importVerifyKey, type SignKey, type VerifyKey } from './keys.ts'
export {
  checkInnerTag,
  checkOuterTag,
  importMacKey,
  type MacKey,
  makeRefreshToken,
  parseRefreshToken,
  type RefreshTokenParts,
  type UnverifiedRefreshToken,
} from './refresh-token.ts'
export { importSealKey, open, type SealKey, seal, sealedKid } from './sealed.ts'
export { Secret } from './secret.ts'
export { signJwt } from './sign.ts'
export { pooledSignerOf, type Signer, signerOf } from './signer.ts'
export type { Clock, Random } from './time-and-chance.ts'
export { normalizeTyp } from './typ.ts'
export { type JoseHeader, type VerifiedClaims, type VerifiedToken, verify, verifyParsed } from './verify.ts'
