export { synchronous } from '#platform'
export {
  type AlgorithmEntry,
  isJwsAlgorithm,
  type JwsAlgorithm,
  jwsAlgorithms,
  type SecretAlgorithm,
  type VerifyAlgorithm,
} from './algorithms.ts'
export { decodeBase64url, encodeBase64url } from './base64url.ts'
export { checkSignatureForm, parseCompact, type TokenLimits, type UnverifiedToken } from './compact.ts'
export { decodeUnverified } from './decode-unverified.ts'
export { sha256Base64url } from './digest.ts'
export { TokenError, type TokenErrorCode } from './errors.ts'
export {
  generateKeyPair,
  generateKeyPairAsync,
  type KeyPair,
  type PairAlgorithm,
} from './generate-key-pair.ts'
export type { UnverifiedHeader } from './header.ts'
export { type ConfiguredHeader, configuredHeader, restoreHeader, stripHeader } from './headless.ts'
export { type JsonLimits, type JsonObject, type JsonValue, parseJsonObject } from './json.ts'
export {
  jwkThumbprint,
  jwkThumbprintAsync,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  parsePublicJwk,
  parseSecretJwk,
  publicJwkOf,
  type SecretJwk,
} from './jwk.ts'
export { KeySet, type KeySetOptions, type KeySource } from './key-set.ts'
export { keyedHash } from './keyed-hash.ts'
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
export { importSecretJwk, loadSecretJwk, type SecretJwkOptions } from './secret-jwk.ts'
export { importSecretKey, loadSecretKey, type SecretKeys, type SecretOptions } from './secret-key.ts'
export { type SecretWeakness, secretWeakness, type WordList } from './secret-strength.ts'
export { signJwt } from './sign.ts'
export { importSignKey, loadSignKey, type SignKey, type SignKeyOptions } from './sign-key.ts'
export { pooledSignerOf, type Signer, signerOf } from './signer.ts'
export type { Clock, Random } from './time-and-chance.ts'
export { normalizeTyp } from './typ.ts'
export {
  type JoseHeader,
  type VerifiedClaims,
  type VerifiedToken,
  verify,
  verifyAsync,
  verifyParsed,
  verifyParsedAsync,
} from './verify.ts'
export { type VerifiedJws, verifyJws, verifyJwsAsync } from './verify-jws.ts'
export { type ImportOptions, importVerifyKey, loadVerifyKey, type VerifyKey } from './verify-key.ts'
