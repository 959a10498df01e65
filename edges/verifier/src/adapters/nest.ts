import { createParamDecorator, HttpException, SetMetadata } from '@nestjs/common'
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core'
import { catchError } from 'rxjs'
import type { AuthContext } from '../auth-context.ts'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import { VerifierError } from '../errors.ts'
import { plainOptions } from './demands.ts'
import { callOf, type NestCall, type NestContext, type NestResults } from './nest-context.ts'
import { type NodeAuthOptions, type NodeGuard, nodeGuard } from './node.ts'
import type { Admission, AuthOptions } from './request-guard.ts'

export { serveResourceMetadata } from './node.ts'
export type { AuthOptions } from './request-guard.ts'

/** What {@link AuthModule} is told. The demands among it hold for every route. */
export interface AuthModuleOptions extends NodeAuthOptions {
  readonly verifier: Verifier
}

/** Where the options come from, if they have to be waited for. */
export interface AuthModuleAsyncOptions {
  readonly imports?: readonly unknown[]
  readonly inject?: readonly unknown[]
  readonly useFactory: (...dependencies: never[]) => AuthModuleOptions | Promise<AuthModuleOptions>
}

/** A module as Nest takes it. */
export interface AuthDynamicModule {
  readonly module: typeof AuthModule
  readonly global: true
  // biome-ignore lint/suspicious/noExplicitAny: Nest's own type for them
  readonly imports: any[]
  // biome-ignore lint/suspicious/noExplicitAny: Nest's own type for them
  readonly providers: any[]
}

/** A decorator of a controller, a resolver or one of its methods. */
export type AuthDecorator = (
  target: object,
  key?: string | symbol,
  // biome-ignore lint/suspicious/noExplicitAny: TypeScript's own type for method decorators has it
  descriptor?: TypedPropertyDescriptor<any>,
) => void

/**
 * Module for NestJS: guards every route of the application, unless it is {@link Public}. Refusals, also those that a
 * handler causes by `auth.require`, are HTTP exceptions with the status and the challenge of RFC 6750 §3.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows a module by its class
export class AuthModule {
  /** Throws `verifier/options` at once for options that cannot work. */
  static forRoot(options: AuthModuleOptions): AuthDynamicModule {
    const warden = new NestWarden(options)
    return moduleOf([], { provide: NestWarden, useValue: warden })
  }

  /** The application does not start with options that cannot work. */
  static forRootAsync({ imports = [], inject = [], useFactory }: AuthModuleAsyncOptions): AuthDynamicModule {
    const make = async (...dependencies: never[]): Promise<NestWarden> =>
      new NestWarden(await useFactory(...dependencies))
    return moduleOf([...imports], { provide: NestWarden, useFactory: make, inject: [...inject] })
  }
}

/** Opens a controller or a method to everybody, unless the method makes demands; its `auth` is undefined. */
export function Public(): AuthDecorator {
  return (target, key, descriptor) => SetMetadata(PUBLIC, true)(target, key, descriptor)
}

/** Demands that all of these scopes were granted, beside what else is demanded. */
export function Scopes(...scopes: readonly string[]): AuthDecorator {
  return Demands({ scopes })
}

/**
 * Makes demands beside those of the module, of the controller and of other decorators. Whoever has sent nothing is
 * refused, though the module lets them pass, unless `optional` is among the options.
 */
export function Demands(options: AuthOptions): AuthDecorator {
  plainOptions(options)
  return (target, key, descriptor) => {
    const marked: object = descriptor?.value ?? target
    const before = new Reflector().get<readonly AuthOptions[]>(DEMANDS, marked) ?? []
    SetMetadata(DEMANDS, [...before, options])(target, key, descriptor)
  }
}

/** Parameter decorator: who calls, an `AuthContext`. */
export const Auth: () => ParameterDecorator = createParamDecorator((_: unknown, context) => callerOf(context))

/** Parameter decorator: the verified claims. */
export const Claims: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context) => callerOf(context)?.claims,
)

/** Who calls, in interceptors and guards that come later; undefined for nobody in particular. */
export function callerOf(context: NestContext): AuthContext | undefined {
  return passages.get(callOf(context).request)?.auth
}

/** Keeps the guards of one application: the one thing that its guard and its interceptor share. */
class NestWarden {
  readonly #options: Omit<AuthModuleOptions, 'verifier'>
  readonly #verifier: Verifier
  readonly #optional: Omit<AuthModuleOptions, 'verifier'>
  readonly #anybody: NodeGuard
  readonly #guards = new WeakMap<AuthOptions, NodeGuard>()
  readonly #admissions = new WeakMap<object, Promise<Admission>>()
  readonly #reflector = new Reflector()

  constructor(given: AuthModuleOptions) {
    const { verifier, ...options } = plainOptions(given)
    const { realm, resourceMetadata, whenStale, origin } = options
    this.#verifier = verifier
    this.#options = options
    this.#optional = { ...options, optional: true }
    this.#guardOf(options)
    this.#anybody = nodeGuard(verifier, {
      optional: true,
      ...(realm === undefined ? {} : { realm }),
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
      ...(whenStale === undefined ? {} : { whenStale }),
      ...(origin === undefined ? {} : { origin }),
    })
  }

  async canActivate(context: NestContext): Promise<boolean> {
    if (this.#isPublic(context)) return true
    const call = callOf(context)
    const { auth, headers } = admitted(await this.#admission(call), call)
    for (const [name, value] of Object.entries(headers)) call.response?.header(name, value)
    const guards = this.#demands(context).map((demands) => this.#guardOf(demands))
    let caller = auth
    for (const guard of guards) caller = admitted(await guard.demand(auth), call).auth
    const [guard = this.#anybody] = guards
    const kept = new Set(Object.keys(call.response?.getHeaders() ?? {}))
    passages.set(call.request, { auth: caller, guard, kept })
    Object.assign(call.request, { auth: caller })
    return true
  }

  intercept(context: NestContext, next: { handle(): NestResults }): NestResults {
    return next.handle().pipe(
      catchError((error) => {
        throw error instanceof VerifierError ? asException(error, context) : error
      }),
    )
  }

  /** Authenticated once a request: a proof is good for one use, and a query of GraphQL asks for each of its fields. */
  #admission({ request }: NestCall): Promise<Admission> {
    const admission = this.#admissions.get(request) ?? this.#anybody.admit(request)
    this.#admissions.set(request, admission)
    return admission
  }

  #isPublic(context: NestContext): boolean {
    const handler = context.getHandler()
    // What a method demands holds though its controller is open, or even the method itself
    if (this.#reflector.get(DEMANDS, handler)) return false
    return [handler, context.getClass()].some((target) => this.#reflector.get(PUBLIC, target))
  }

  #demands(context: NestContext): readonly AuthOptions[] {
    const marked = [context.getClass(), context.getHandler()].flatMap(
      (target) => this.#reflector.get<readonly AuthOptions[]>(DEMANDS, target) ?? [],
    )
    const isOptional = marked.some(({ optional }) => optional === true)
    return [...marked.toReversed(), isOptional ? this.#optional : this.#options]
  }

  #guardOf(demands: AuthOptions): NodeGuard {
    const { realm, resourceMetadata } = this.#options
    const guard =
      this.#guards.get(demands) ??
      nodeGuard(this.#verifier, {
        ...(realm === undefined ? {} : { realm }),
        ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
        ...demands,
      })
    this.#guards.set(demands, guard)
    return guard
  }
}

/** How a request came past the guard. */
interface Passage {
  readonly auth: AuthContext | undefined
  readonly guard: NodeGuard
  readonly kept: ReadonlySet<string>
}

const passages = new WeakMap<object, Passage>()

function moduleOf(imports: unknown[], warden: object): AuthDynamicModule {
  const asWarden = { useExisting: NestWarden }
  return {
    module: AuthModule,
    global: true,
    imports,
    providers: [warden, { provide: APP_GUARD, ...asWarden }, { provide: APP_INTERCEPTOR, ...asWarden }],
  }
}

function admitted(admission: Admission, call: NestCall): Extract<Admission, { admitted: true }> {
  if (admission.admitted) return admission
  throw refusal(admission.challenge, call)
}

function asException(error: VerifierError, context: NestContext): unknown {
  const call = callOf(context)
  const passage = passages.get(call.request)
  const challenge = passage?.guard.answerTo(error, passage.auth)
  if (challenge === undefined) return error
  for (const name of Object.keys(call.response?.getHeaders() ?? {}))
    if (!passage?.kept.has(name)) call.response?.removeHeader(name)
  return refusal(challenge, call)
}

function refusal({ status, headers }: Challenge, { response }: NestCall): HttpException {
  for (const [name, value] of Object.entries(headers)) response?.header(name, value)
  return new HttpException({ statusCode: status }, status)
}

const PUBLIC = '@jotwarden/verifier/public'
const DEMANDS = '@jotwarden/verifier/demands'
