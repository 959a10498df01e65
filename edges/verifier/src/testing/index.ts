export { TestClock } from './test-clock.ts'
export { createTestIssuer, type TestClaims, type TestIssuer, type TestIssuerOptions } from './test-issuer.ts'
export { createTestProofKey, type TestProofKey } from './test-proof-key.ts'
