import type { CasePolicy, Expected, HostileCase, Piece, TokenText } from '../hostile-case.ts'
import { AUDIENCE, ISSUER, NOW } from './workshop.ts'

/** What most cases have in common. */
export const policy: CasePolicy = {
  now: NOW,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ['ES256', 'RS256', 'Ed25519'],
  skew: 30,
}

/** A case in short: what it is, its token, the code or reason that refuses it, or `accept`. */
export type Short = readonly [
  what: string,
  title: string,
  token: string,
  verdict: string,
  over?: Partial<Omit<HostileCase, 'id' | 'group' | 'title' | 'token'>>,
]

/** The cases of one group; `why` stands for all that do not say their own. */
export function caseGroup(group: string, why: string, shorts: readonly Short[]): readonly HostileCase[] {
  return shorts.map(([what, title, token, verdict, over = {}]) => ({
    id: `${group}/${what}`,
    group,
    title,
    why: over.why ?? why,
    token: shortened(token),
    keys: over.keys ?? ['es256', 'rs256', 'ed25519'],
    policy: over.policy ?? policy,
    expect: everyVerifier({ ...expected(verdict, token), ...over.expect }),
    ...(over.request === undefined ? {} : { request: over.request }),
    ...(over.next === undefined ? {} : { next: over.next }),
  }))
}

/** Codes have a slash and come of the token itself; reasons have none and come of policy. */
export function expected(verdict: string, token: string): Expected {
  const authenticate = token68.test(token) ? verdict : 'malformed-authorization'
  if (verdict.includes('/')) return { verify: verdict, verifier: verdict, authenticate }
  return { verify: 'accept', decide: verdict, verifier: verdict, authenticate }
}

/**
 * Says of all verifiers what is expected of one, unless it was said: a key set that cannot be an option cannot be a
 * document either.
 */
export function everyVerifier(expect: Expected): Expected {
  const { verifier } = expect
  if (verifier === undefined) return expect
  const fetched = verifier === 'verifier/options' ? 'document-malformed' : verifier
  return { fetched, several: verifier, ...expect }
}

/** The same text; where a piece comes a hundred times or more, told as that. */
export function shortened(token: string): TokenText {
  if (token.length < 4000) return token
  const pieces: Piece[] = []
  let end = 0
  for (const found of token.matchAll(/(.{1,64}?)\1{99,}/gs)) {
    const [whole, repeat = ''] = found
    if (found.index > end) pieces.push(token.slice(end, found.index))
    pieces.push({ repeat, times: whole.length / repeat.length })
    end = found.index + whole.length
  }
  if (end < token.length) pieces.push(token.slice(end))
  return pieces.length === 1 && typeof pieces[0] === 'string' ? token : { pieces }
}

/** RFC 6750 §2.1: what may stand behind `Bearer`. */
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/
