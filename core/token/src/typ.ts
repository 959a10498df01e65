/**
 * The comparable form of a `typ` or `cty`: lower case, and without `application/` where nothing else has a slash,
 * so `application/at+jwt` and `AT+JWT` both give `at+jwt` (RFC 7515 §4.1.9, RFC 8725 §3.11).
 */
export function normalizeTyp(typ: string): string {
  const lower = typ.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const short = lower.startsWith(APPLICATION) ? lower.slice(APPLICATION.length) : lower
  return short.includes('/') ? lower : short
}

const APPLICATION = 'application/'
