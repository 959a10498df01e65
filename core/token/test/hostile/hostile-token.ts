import type { KeySource, TokenErrorCode, VerifyKey } from '@jotwarden/token'

/** A token that `verify` must refuse, and with which code. */
export interface HostileToken {
  readonly title: string
  readonly token: string
  readonly keys: VerifyKey | KeySource
  readonly code: TokenErrorCode
}
