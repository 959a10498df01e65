import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { AuthContext } from '../auth-context.ts'
import type { Verifier } from '../create-verifier.ts'
import { VerifierError } from '../errors.ts'
import { type NodeAuthOptions, type NodeGuard, nodeGuard } from './node.ts'
import { type AuthOptions, checkAuthOptions } from './request-guard.ts'

/** A guard, and what the guards behind it inherit. */
export interface Gate {
  readonly verifier: Verifier
  readonly options: NodeAuthOptions
  readonly guard: NodeGuard
}

/** How a request came past a guard. */
export interface Passage {
  readonly gate: Gate
  readonly auth: AuthContext | undefined
  /** The headers that the response had before the handler began. */
  readonly kept: OutgoingHttpHeaders
}

/** Remembered beside the request, where no other middleware overwrites it. */
export function rememberPassage(request: IncomingMessage, passage: Passage): void {
  passages.set(request, passage)
}

/** How a request came past a guard, if it did. */
export function findPassage(request: IncomingMessage): Passage | undefined {
  return passages.get(request)
}

/** The same. Throws `verifier/options` where no guard has let the request pass. */
export function passageOf(request: IncomingMessage): Passage {
  const passage = findPassage(request)
  if (passage !== undefined) return passage
  throw new VerifierError(
    'verifier/options',
    'Cannot tell who calls: authenticate(verifier) does not stand before this route',
  )
}

/** The caller of a request that a guard has let pass. Throws `verifier/options` or `verifier/no-credentials`. */
export function callerOf(request: IncomingMessage, isOptional = false): AuthContext | undefined {
  const { auth } = passageOf(request)
  if (auth !== undefined || isOptional) return auth
  throw new VerifierError(
    'verifier/no-credentials',
    'Cannot tell who calls: the request has no Authorization header',
  )
}

/**
 * The guard of a route that lies behind a gate: of the same verifier, with the gate's realm and metadata unless it has
 * its own. Throws `verifier/options` for options that cannot work.
 */
export function furtherGuard(options: AuthOptions): (gate: Gate) => NodeGuard {
  checkAuthOptions(options)
  const guards = new WeakMap<Gate, NodeGuard>()
  return (gate) => {
    const { realm, resourceMetadata } = gate.options
    const inherited = {
      ...(realm === undefined ? {} : { realm }),
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    }
    const guard = guards.get(gate) ?? nodeGuard(gate.verifier, { ...inherited, ...options, optional: false })
    guards.set(gate, guard)
    return guard
  }
}

const passages = new WeakMap<IncomingMessage, Passage>()
