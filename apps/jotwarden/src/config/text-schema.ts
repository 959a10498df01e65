import { z } from 'zod'

/** A text that is not empty; `wrong` is said of what is no text. */
export function text(wrong: string): z.ZodString {
  return z.string({ error: wrong }).min(1, { error: 'is empty' })
}
