/** SIGHUP, which asks to read the configuration again. */
export interface HangUps {
  /** Runs the act for each signal, never twice at once; several that come meanwhile are one. The act must not reject. */
  obey(act: () => Promise<void>): void
  /** Waits for the act under way; signals from now on do nothing. */
  stop(): Promise<void>
}

/** From now on a signal does not end the process; one that comes before `obey` is kept for it. */
export function catchHangUps(): HangUps {
  let isAsked = false
  let isStopped = false
  let underWay: Promise<void> | undefined
  let act: (() => Promise<void>) | undefined
  const go = () => {
    if (!isAsked || isStopped || underWay !== undefined || act === undefined) return
    isAsked = false
    underWay = act().finally(() => {
      underWay = undefined
      go()
    })
  }
  process.on('SIGHUP', () => {
    isAsked = true
    go()
  })
  return {
    obey(next) {
      act = next
      go()
    },
    async stop() {
      isStopped = true
      await underWay
    },
  }
}
