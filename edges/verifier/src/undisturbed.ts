/** A listener as we call it: nothing that it does, at once or later, can disturb the verifier. */
export function undisturbed<T>(listener: ((told: T) => unknown) | undefined): (told: T) => void {
  if (listener === undefined) return () => undefined
  return (told) => {
    try {
      const returned = listener(told)
      if (returned instanceof Promise) returned.catch(() => undefined)
    } catch {
      // Promised: what a listener throws is ignored
    }
  }
}
