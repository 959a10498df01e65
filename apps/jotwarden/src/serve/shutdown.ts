/** Waits for SIGTERM or SIGINT. A second signal ends the process at once. */
export async function shutdownSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let asked = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) process.exit(1)
    asked = true
    resolve(signal)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return promise
}

/** How long requests under way may take to finish, in seconds. */
export const SHUTDOWN_SECONDS = 10
