import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs'
import type { Secret } from '@jotwarden/token'
import { Refusal } from '../refusal.ts'

/** A file that waits for a secret: it is there, empty, for its owner alone. */
export interface SecretFile {
  readonly path: string
  /** Writes the secret and a line's end. */
  write(secret: Secret): void
  /** Takes the file away again, when there was no secret after all. */
  discard(): void
}

/** Makes the file before the secret is made, so that none is lost for want of a place. Throws `Refusal`, also when it is there. */
export function openSecretFile(path: string): SecretFile {
  const handle = opened(path)
  return {
    path,
    write(secret) {
      try {
        // All of it or an error: a disk that fills up takes the beginning of what it is given
        writeFileSync(handle, `${secret.revealText()}\n`)
        fsyncSync(handle)
        closeSync(handle)
      } catch (cause) {
        throw new Refusal('refused', `Cannot write the secret to ${path}, though it is in force already`, {
          cause,
          remedy:
            'Nobody knows it: end it with `jotwarden clients secrets end`, or replace it once more with --now',
        })
      }
    },
    discard() {
      closeSync(handle)
      rmSync(path)
    },
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
    if (code !== 'EEXIST')
      throw new Refusal('refused', `Cannot write the secret to ${path}: the system says ${code}`)
    throw new Refusal('refused', `Cannot write the secret to ${path}: the file is there already`, {
      remedy: 'Name a file that is not there; nothing was changed',
    })
  }
}
