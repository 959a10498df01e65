import type { VerifiedClaims } from '@jotwarden/token'
import { isAnything, type Shape } from './claim-shapes.ts'
import { claimTable } from './claim-table.ts'
import type { DenyReason } from './decision.ts'
import type { KindRule } from './kinds.ts'

/** Which claims must, may and may not be there. */
export interface ClaimTerms {
  readonly rule: KindRule
  readonly required: readonly string[]
  readonly declared: readonly string[]
}

/** Null, or why the claims are refused by what is there and what is not. */
export type ClaimCheck = (claims: VerifiedClaims) => DenyReason | null

/**
 * Makes the check of what is there: every required claim, none that is forbidden, each of its type, and none that
 * restricts the token without somebody who takes care of it. One pass over the claims, however long the lists are.
 */
export function claimCheck(terms: ClaimTerms): ClaimCheck {
  const rows = claimRows(terms)
  const requiredCount = [...rows.values()].filter((row) => row.required).length
  const needsAlternative = terms.rule.anyOf.length > 0
  return (claims) => {
    let required = 0
    let alternatives = 0
    let forbidden = false
    let malformed = false
    let undeclared = false
    for (const name of Object.keys(claims)) {
      const row = rows.get(name)
      if (row === undefined) continue
      if (row.required) required += 1
      if (row.alternative) alternatives += 1
      if (row.forbidden) forbidden = true
      else if (!row.shape(claims[name])) malformed = true
      else if (row.undeclared) undeclared = true
    }
    if (required < requiredCount || (needsAlternative && alternatives === 0)) return 'missing-claim'
    if (forbidden) return 'forbidden-claim'
    if (malformed) return 'malformed-claim'
    return undeclared ? 'undeclared-claim' : null
  }
}

/** What one profile says of one claim. */
interface ClaimRow {
  readonly shape: Shape
  readonly required: boolean
  readonly alternative: boolean
  readonly forbidden: boolean
  readonly undeclared: boolean
}

function claimRows({ rule, required, declared }: ClaimTerms): ReadonlyMap<string, ClaimRow> {
  const known = [...required, ...rule.anyOf, ...rule.understood, ...declared]
  const names = new Set([...claimTable.keys(), ...rule.forbidden, ...known])
  const rows = [...names].map((name): [string, ClaimRow] => {
    const { shape, restricts } = claimTable.get(name) ?? { shape: isAnything, restricts: false }
    return [
      name,
      {
        shape,
        required: required.includes(name),
        alternative: rule.anyOf.includes(name),
        forbidden: rule.forbidden.includes(name),
        undeclared: restricts && !known.includes(name),
      },
    ]
  })
  return new Map(rows)
}
