export { createMultiIssuerVerifier } from './create-multi-issuer-verifier.ts'
