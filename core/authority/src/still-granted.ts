import type { Client } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { checkResources, type Resources } from './resources.ts'
import { checkScope } from './scope.ts'

/** Scope and resources, as they were granted, or as they are asked for now (empty: all that was granted). */
export interface Reach {
  readonly scope: readonly string[]
  readonly resources: readonly string[]
}

/**
 * What of an earlier grant may still be issued: never more than was granted (RFC 6749 §6, RFC 8707 §2.2), nor more than
 * client and configuration allow now. Resources that no scope reaches any more are left out.
 *
 * Throws `oauth/invalid_scope` or `oauth/invalid_target`.
 */
export function stillGranted(granted: Reach, asked: Reach, client: Client, resources: Resources): Reach {
  const possible = granted.scope.filter((name) => client.scopes.includes(name) && resources.scopes.has(name))
  const scope = checkScope(asked.scope.length > 0 ? asked.scope : possible, possible)
  if (scope.length === 0 && granted.scope.length > 0) {
    throw new AuthorityError(
      'oauth/invalid_scope',
      'Cannot grant the scope: nothing is left of what was granted',
    )
  }
  if (asked.resources.length > 0) {
    if (granted.resources.length > 0 && !asked.resources.every((name) => granted.resources.includes(name))) {
      throw invalidTarget('the resource was not granted')
    }
    return { scope, resources: checkResources(resources, scope, asked.resources) }
  }
  const reached = granted.resources.filter((identifier) =>
    scope.some((name) => resources.owners.get(name)?.includes(identifier)),
  )
  const leavesOthers = reached.length === 0 && scope.some((name) => resources.owners.has(name))
  if (granted.resources.length > 0 && leavesOthers) throw invalidTarget('no scope reaches a granted resource')
  return { scope, resources: reached }
}

function invalidTarget(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_target', `Cannot grant the request: ${reason}`)
}
