/** Settles as the act does, or rejects with the signal's reason once it aborts, whether the act heeds it or not. */
export function abortable<T>(signal: AbortSignal, act: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    act.finally(() => signal.removeEventListener('abort', abort)).then(resolve, reject)
  })
}
