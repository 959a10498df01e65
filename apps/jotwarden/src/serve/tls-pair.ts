import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { Refusal } from '../refusal.ts'

/** Certificate chain and private key as PEM files. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** What TLS is ended with. */
export interface TlsPair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** Reads both files, whatever is in them. Throws `Refusal`. */
export async function readTlsFiles(files: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([
    read('server.tls_cert', files.cert),
    read('server.tls_key', files.key),
  ])
  return { cert, key }
}

/** Whether TLS can be ended with the pair. Throws `Refusal` when it is no certificate with its key. */
export function checkTlsPair(pair: TlsPair): void {
  try {
    createSecureContext({ ...pair })
    new X509Certificate(pair.cert)
  } catch (cause) {
    const state = 'certificate and key do not fit together, or are not PEM'
    throw new Refusal('refused', `Cannot end TLS: ${state}`, { cause, remedy: REMEDY })
  }
}

/** What is wrong with the dates of the certificate at this moment (seconds since the epoch); `undefined` when nothing is. */
export function dateFault({ cert }: TlsPair, now: number): string | undefined {
  const { validFromDate, validToDate } = new X509Certificate(cert)
  if (now * 1000 < validFromDate.getTime()) return `is not valid before ${validFromDate.toISOString()}`
  if (now * 1000 > validToDate.getTime()) return `has expired, on ${validToDate.toISOString()}`
  return undefined
}

/** When the certificate expires, as people and logs read it. */
export function expiryOf({ cert }: TlsPair): string {
  return new X509Certificate(cert).validToDate.toISOString()
}

/** Names what was read, so that it can be recognised. */
export function fingerprintOf({ cert, key }: TlsPair): string {
  return createHash('sha256').update(cert).update(key).digest('base64url')
}

async function read(setting: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new Refusal('refused', `Cannot end TLS: the file of ${setting} cannot be read (${code})`, {
      cause,
      remedy: REMEDY,
    })
  }
}

const REMEDY = 'Look at server.tls_cert and server.tls_key: PEM files, the chain in the first'
