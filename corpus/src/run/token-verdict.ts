import { TokenError } from '@jotwarden/token'
import type { Verdict } from '../hostile-case.ts'

/** `accept`, or the code of the refusal; anything else that is thrown is a fault of ours and passes. */
export async function tokenVerdict(act: () => unknown): Promise<Verdict> {
  try {
    await act()
    return 'accept'
  } catch (error) {
    if (error instanceof TokenError) return error.code
    throw error
  }
}
