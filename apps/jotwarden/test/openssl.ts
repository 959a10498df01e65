import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Whether certificates cannot be made here. In CI nothing is left out: there the test fails without it. */
export function lacksOpenssl(): boolean {
  if (openssl('version') === 0 || process.env.CI !== undefined) return false
  console.warn("NOT TESTED: TLS. It needs Debian's package openssl to make a certificate.")
  return true
}

/** Writes `cert.pem` and `key.pem`, or files of another name, for 127.0.0.1 and one day. */
export function makeCertificate(folder: string, prefix = ''): void {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', join(folder, `${prefix}key.pem`), '-out', join(folder, `${prefix}cert.pem`)]
  const code = openssl('req', '-x509', ...curve, '-days', '1', ...subject, ...files)
  if (code !== 0) throw new Error(`openssl ended with ${code}`)
}

function openssl(...words: readonly string[]): number | null {
  return spawnSync('openssl', words, { stdio: 'ignore' }).status
}
