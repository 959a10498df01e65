export { type AlgorithmEntry, isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from './algorithms.ts'
export { decodeBase64url, encodeBase64url } from './base64url.ts'
export {
  type JoseHeader,
  normalizeTyp,
  parseCompact,
  type TokenLimits,
  type UnverifiedToken,
} from './compact.ts'
export { TokenError, type TokenErrorCode } from './errors.ts'
export { type JsonLimits, type JsonObject, type JsonValue, parseJsonObject } from './json.ts'
export { jwkThumbprint, type PrivateJwk, type PublicJwk, publicJwkOf } from './jwk.ts'
export { KeySet, type KeySource } from './key-set.ts'
export {
  generateKeyPair,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  type SignKey,
  type VerifyKey,
} from './keys.ts'
export { importMacKey, keyedHash, type MacKey } from './mac-key.ts'
export {
  checkInnerTag,
  checkOuterTag,
  makeRefreshToken,
  parseRefreshToken,
  type UnverifiedRefreshToken,
} from './refresh-token.ts'
export { importSealKey, open, type SealKey, seal, sealedKid } from './sealed.ts'
export { Secret } from './secret.ts'
export { signJwt } from './sign.ts'
export { type Signer, signerOf } from './signer.ts'
export type { Clock, Random } from './time-and-chance.ts'
export { decodeUnverified, type VerifiedClaims, type VerifiedToken, verify, verifyParsed } from './verify.ts'
