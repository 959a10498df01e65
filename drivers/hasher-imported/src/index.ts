export { ImportedHashError, type ImportedHashErrorCode } from './errors.ts'
export { type ExaminedHash, examineHash } from './examine.ts'
export { createImportedHasher, type ImportedHasherOptions } from './imported-hasher.ts'
