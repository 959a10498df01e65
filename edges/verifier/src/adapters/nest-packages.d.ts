// What the adapter for NestJS uses of it. Its packages are no part of this workspace: they weigh too much for it.

declare module '@nestjs/common' {
  export class HttpException extends Error {
    constructor(response: string | object, status: number, options?: { cause?: unknown })
    getStatus(): number
  }
  export function SetMetadata(
    key: string,
    value: unknown,
  ): (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void
  export function createParamDecorator<D, T>(
    factory: (data: D, context: import('./nest-context.ts').NestContext) => T,
  ): (data?: D) => ParameterDecorator
}

declare module '@nestjs/core' {
  export const APP_GUARD: string
  export const APP_INTERCEPTOR: string
  export class Reflector {
    get<T>(key: string, target: object): T | undefined
  }
}

declare module 'rxjs' {
  export function catchError<T>(
    handler: (error: unknown) => never,
  ): (source: import('./nest-context.ts').NestResults<T>) => import('./nest-context.ts').NestResults<T>
}
