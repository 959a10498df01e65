export { accountRecordsSuite } from './account-records-suite.ts'
export {
  type AccountStoreDriver,
  type AccountsUnderTest,
  accountStoreSuite,
  type KnownPerson,
} from './account-store-suite.ts'
export { clientStoreSuite } from './client-store-suite.ts'
export { codeStoreSuite } from './code-store-suite.ts'
export { consentStoreSuite } from './consent-store-suite.ts'
export type { Driver, Runner } from './driver.ts'
export { eventStoreSuite } from './event-store-suite.ts'
export { holderRecordsSuite } from './holder-records-suite.ts'
export { keyRecordsSuite } from './key-records-suite.ts'
export { type KeyStoreDriver, keyStoreSuite } from './key-store-suite.ts'
export { loginStoreSuite } from './login-store-suite.ts'
export { type PasswordHasherDriver, passwordHasherSuite } from './password-hasher-suite.ts'
export { type RateLimiterDriver, rateLimiterSuite } from './rate-limiter-suite.ts'
export { type ReplayStoreDriver, replayStoreSuite } from './replay-store-suite.ts'
export { revocationLogSuite } from './revocation-log-suite.ts'
export { sessionStoreSuite } from './session-store-suite.ts'
export { storesSuite } from './stores-suite.ts'
