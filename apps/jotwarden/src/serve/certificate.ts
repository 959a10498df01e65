import type { Clock } from '@jotwarden/token'
import type { Logger } from 'pino'
import { Refusal } from '../refusal.ts'
import { type Repeated, repeat } from './repeat.ts'
import {
  checkTlsPair,
  dateFault,
  expiryOf,
  fingerprintOf,
  readTlsFiles,
  type TlsFiles,
  type TlsPair,
} from './tls-pair.ts'

/** The certificate that a socket shows, which is replaced when its files are. */
export interface Certificate {
  /**
   * Reads files, the same as before or others, and answers how to show what is in them, which cannot fail. Throws `Refusal`
   * when TLS cannot be ended with it, or when it is another than now and not valid today.
   */
  prepare(files: TlsFiles): Promise<() => void>
  /** Looks for new content every `seconds`. What cannot be used is logged once, and the present certificate stays. */
  watch(seconds: number): Repeated
}

/** What to begin with, and who shows it. */
export interface CertificateOptions {
  readonly files: TlsFiles
  readonly pair: TlsPair
  readonly show: (pair: TlsPair) => void
  readonly log: Logger
  readonly clock: Clock
}

export function createCertificate(options: CertificateOptions): Certificate {
  const { pair, show, log, clock } = options
  let files = options.files
  let shown = fingerprintOf(pair)
  const fault = dateFault(pair, clock.now())
  if (fault !== undefined)
    log.warn({ problem: `server.tls_cert ${fault}` }, 'the certificate is not valid today')

  function ready(next: TlsPair, nextFiles: TlsFiles): () => void {
    const fingerprint = fingerprintOf(next)
    const isNew = fingerprint !== shown
    if (isNew) checkTlsPair(next)
    const wrong = isNew ? dateFault(next, clock.now()) : undefined
    if (wrong !== undefined) {
      throw new Refusal('refused', `Cannot end TLS: the certificate ${wrong}`, {
        remedy: 'Put a certificate that is valid today into the file of server.tls_cert',
      })
    }
    return () => {
      files = nextFiles
      if (!isNew) return
      show(next)
      shown = fingerprint
      log.info({ expires: expiryOf(next) }, 'certificate replaced')
    }
  }

  /** Whoever replaces files does it one after the other: only what is found twice is looked at. */
  function look(): () => Promise<void> {
    let seen = ''
    let refused = ''
    return async () => {
      const looked = files
      const found = await readTlsFiles(looked).catch(asRefusal)
      const name = found instanceof Refusal ? found.message : fingerprintOf(found)
      const isSettled = name === seen
      seen = name
      if (name === shown) refused = ''
      if (!isSettled || name === shown || looked !== files) return
      try {
        if (found instanceof Refusal) throw found
        ready(found, looked)()
      } catch (error) {
        // Looked at again all the same: one that was put there ahead of its first day is taken on that day
        const reason = asRefusal(error).message
        if (`${name} ${reason}` === refused) return
        refused = `${name} ${reason}`
        log.error({ reason }, 'the new certificate is refused; the present one stays')
      }
    }
  }

  return {
    prepare: async (next) => ready(await readTlsFiles(next), next),
    watch: (seconds) =>
      repeat(seconds, look(), (error) => {
        log.error(
          { reason: error instanceof Error ? error.message : 'unknown' },
          'cannot look for a new certificate',
        )
      }),
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
