import type { RevocationLog } from './revocation-log.ts'

/**
 * Announces to the log until when tokens will be valid, before they are issued: a mark is then kept as long as anything
 * it refuses. Announced in steps, so that issuing hardly ever writes.
 */
export interface ExpiryCover {
  /** Resolves once nothing with an `exp` up to this one (seconds since the epoch) can outlive a mark. */
  until(exp: number): Promise<void>
}

export function createExpiryCover(issuer: string, log: RevocationLog): ExpiryCover {
  let covered = Number.NEGATIVE_INFINITY
  let moving: Promise<void> | undefined

  async function move(exp: number): Promise<void> {
    const { latestExp } = await log.cover(issuer, exp + STEP)
    covered = Math.max(covered, latestExp)
  }

  return {
    async until(exp) {
      while (exp > covered) {
        moving ??= move(exp).finally(() => {
          moving = undefined
        })
        await moving
      }
    },
  }
}

/** Seconds. */
const STEP = 60
