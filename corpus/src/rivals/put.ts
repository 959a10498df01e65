import { type CaseKeys, type HostileCase, tokenText } from '../hostile-case.ts'
import { notApplicable } from './not-applicable.ts'
import type { Rival } from './rival.ts'

/** What a library does with a case. */
export type Outcome =
  | { readonly kind: 'accepted' | 'refused' | 'threw' }
  | { readonly kind: 'n/a'; readonly reason: string }

/** Puts a case to a library: of several tokens the answer to the first that has to be refused counts, else to the last. */
export async function put(one: HostileCase, keys: CaseKeys, rival: Rival): Promise<Outcome> {
  const reason = notApplicable(one, keys, rival)
  if (reason !== undefined) return { kind: 'n/a', reason }
  const steps = [{ token: one.token, after: 0, expect: one.expect }, ...(one.next ?? [])]
  const hostile = steps.findIndex(({ expect }) =>
    Object.values(expect).some((verdict) => verdict !== 'accept'),
  )
  let verify: ((token: string) => unknown) | undefined
  let now = one.policy.now
  let outcome: Outcome = { kind: 'refused' }
  for (const { token, after } of hostile < 0 ? steps : steps.slice(0, hostile + 1)) {
    now += after
    outcome = await atTime(now, async () => {
      verify ??= rival.prepare(one, keys)
      return verify(tokenText(token))
    }).then(
      () => ({ kind: 'accepted' }) as const,
      (error: unknown) => ({ kind: rival.refuses(error) ? 'refused' : 'threw' }) as const,
    )
  }
  return outcome
}

/** Not all of them take a clock, so the process has another one meanwhile: nothing else may run beside it. */
async function atTime<T>(seconds: number, act: () => Promise<T>): Promise<T> {
  const real = Date.now
  Date.now = () => seconds * 1000
  try {
    return await act()
  } finally {
    Date.now = real
  }
}
