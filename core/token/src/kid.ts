import { TokenError } from './errors.ts'

/** In UTF-16 code units, in keys and in headers alike. */
export const MAX_KID_LENGTH = 256

/** The `kid` of a key, when it has one; throws `key/malformed` for one that is empty or too long. */
export function checkedKid(kid: string | undefined): string | undefined {
  if (kid === undefined) return undefined
  if (kid.length === 0 || kid.length > MAX_KID_LENGTH) {
    throw new TokenError(
      'key/malformed',
      `Cannot import the key: its kid is empty or over ${MAX_KID_LENGTH} characters`,
    )
  }
  return kid
}
