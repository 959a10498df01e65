import { createServer, type Server, type ServerOptions } from '@jotwarden/server'
import { type FakeAuthority, fakeAuthority } from './fake-authority.ts'

/** A server over a fake authority, and short ways to ask it. */
export interface Asking {
  readonly authority: FakeAuthority
  readonly server: Server
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Sends a form as the server's own pages do. */
  post(
    path: string,
    form: Record<string, string> | string,
    headers?: Record<string, string>,
  ): Promise<Response>
  send(method: string, path: string, init?: RequestInit): Promise<Response>
}

export function asking(options: Partial<ServerOptions> & { readonly issuer?: string } = {}): Asking {
  const { issuer = 'https://auth.example.com', ...rest } = options
  const authority = fakeAuthority(issuer)
  const server = createServer({ authority, clock: { now: () => 1_000_000 }, ...rest })
  const { origin } = new URL(issuer)
  const send = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    server.fetch(new Request(origin + path, { method, ...init }), { encrypted: true })
  return {
    authority,
    server,
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, form, headers = {}) =>
      send('POST', path, {
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
  }
}
