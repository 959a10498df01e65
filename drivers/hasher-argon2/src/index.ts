export { type Argon2HasherOptions, type BusyHasher, createArgon2Hasher } from './argon2-hasher.ts'
export type { Argon2Cost } from './cost.ts'
export { HasherError, type HasherErrorCode } from './errors.ts'
