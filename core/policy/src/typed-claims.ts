import type { VerifiedClaims } from '@jotwarden/token'
import { claimTable } from './claim-table.ts'
import type { TypedClaims } from './claims.ts'
import { PolicyError } from './errors.ts'
import type { TokenKind } from './kinds.ts'
import type { SchemaResult, StandardSchema } from './standard-schema.ts'

/**
 * What a schema makes of claims, with the registered claims as they are in the token; undefined when it refuses them.
 * Throws `policy/schema` for a schema that waits for something, or that makes no object.
 */
export function typedClaims<K extends TokenKind, T>(
  schema: StandardSchema<T>,
  claims: VerifiedClaims,
): TypedClaims<K, T> | undefined {
  const registered = Object.entries(claims).filter(([name]) => claimTable.has(name))
  const result = resultOf(schema, claims)
  if (result === undefined || result.issues !== undefined) return undefined
  const { value } = result
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyError('policy/schema', 'Cannot decide: the schema does not make an object of the claims')
  // The registered claims come last, as `decide` has checked them; of the schema's only the others count.
  // That they have the types of their kind no compiler can see in entries: `decide` has made sure of each
  return { ...value, ...Object.fromEntries(registered) } as unknown as TypedClaims<K, T>
}

/** A schema that throws at what a token says has refused it; zod answers with a promise then. */
function resultOf<T>(schema: StandardSchema<T>, claims: VerifiedClaims): SchemaResult<T> | undefined {
  const result = attempt(() => schema['~standard'].validate(claims))
  if (!(result instanceof Promise)) return result ?? undefined
  result.catch(() => undefined)
  throw new PolicyError(
    'policy/schema',
    'Cannot decide: the schema answers with a promise; pass one that checks at once and throws nothing',
  )
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
