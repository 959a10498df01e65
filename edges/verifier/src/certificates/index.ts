export { type CertificateAnchorsOptions, certificateAnchors } from './certificate-anchors.ts'
