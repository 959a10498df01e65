export type { JweAlgorithm, JweEncryption } from './algorithms.ts'
export {
  type DecryptedJwe,
  type DecryptKeys,
  type DecryptLimits,
  decrypt,
  type JweHeader,
  type UnauthenticatedBytes,
} from './decrypt.ts'
export {
  type DecryptedJwt,
  decryptClaims,
  type UnauthenticatedClaims,
  unauthenticatedClaims,
} from './decrypt-claims.ts'
export { type EncryptOptions, encrypt, type ReplicatedClaims } from './encrypt.ts'
export { encryptClaims } from './encrypt-claims.ts'
export { importPrivateDecryptKey, importPublicEncryptKey } from './import-key-pair.ts'
export { importPassword, type PasswordOptions } from './import-password.ts'
export {
  importDecryptKey,
  importSharedDecryptKey,
  importSharedJwk,
  type SharedJwkOptions,
} from './import-shared-jwk.ts'
export { importSharedKey, type SharedKeyOptions, type SharedKeys } from './import-shared-key.ts'
export type { DecryptKey, EncryptKey } from './keys.ts'
export { decryptThenVerify, type NestedOptions, type NestedToken, signThenEncrypt } from './nested.ts'
