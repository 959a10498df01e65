import { PolicyError } from './errors.ts'

/** Throws `policy/now` unless the time given is a number of seconds since the epoch: NaN would pass every check. */
export function checkNow(now: number): void {
  if (now >= 0 && now <= Number.MAX_SAFE_INTEGER) return
  throw new PolicyError('policy/now', 'Cannot decide: the time given is not a number of seconds')
}
