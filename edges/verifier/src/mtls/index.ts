export { mtls } from './mtls.ts'
export type { ForwardedCertificate, MtlsOptions } from './mtls-options.ts'
