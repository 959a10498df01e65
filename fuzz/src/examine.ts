/** A token as somebody lax would read it: what rules look at. */
export interface Examined {
  readonly token: string
  readonly segments: readonly string[]
  readonly headerText: string
  readonly claimsText: string
  readonly headerBytes: Buffer
  readonly claimsBytes: Buffer
  /** Empty when it is no JSON object. */
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

export function examined(token: string): Examined {
  const segments = token.split('.')
  const headerBytes = Buffer.from(segments[0] ?? '', 'base64url')
  const claimsBytes = Buffer.from(segments[1] ?? '', 'base64url')
  const [headerText, claimsText] = [headerBytes.toString(), claimsBytes.toString()]
  return {
    token,
    segments,
    headerBytes,
    claimsBytes,
    headerText,
    claimsText,
    header: objectOf(headerText),
    claims: objectOf(claimsText),
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
