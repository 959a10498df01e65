/** The `aud` claim as it travels: one text, or an array of them (RFC 7519 §4.1.3). */
export type Audience = string | readonly string[]

/** Says whether `aud` names one of the wanted audiences, compared code point by code point. */
export function audienceIncludes(aud: Audience, wanted: Audience): boolean {
  if (typeof wanted !== 'string') return wanted.some((one) => audienceIncludes(aud, one))
  return typeof aud === 'string' ? aud === wanted : aud.includes(wanted)
}

/** Says whether `aud` names exactly one party. */
export function isSoleAudience(aud: Audience): boolean {
  return typeof aud === 'string' || aud.length === 1
}
