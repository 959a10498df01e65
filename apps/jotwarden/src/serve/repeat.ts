/** Work that comes again and again. */
export interface Repeated {
  /** Waits for the run under way; none follows. */
  stop(): Promise<void>
}

/** Runs `act` every `seconds`, the first time after that long or at once, never twice at once. What it throws goes to `onError`, and it is tried again. */
export function repeat(
  seconds: number,
  act: () => Promise<void>,
  onError: (error: unknown) => void,
  { atOnce = false }: { readonly atOnce?: boolean } = {},
): Repeated {
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const plan = (delay: number) => {
    timer = setTimeout(() => {
      running = act()
        .catch(onError)
        .finally(() => {
          if (!stopped) plan(seconds)
        })
    }, delay * 1000)
  }
  plan(atOnce ? 0 : seconds)
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
