import type { Deployment } from './deployment.ts'

/** What a sign-in brought the application of the deployment. */
export interface GrantedTokens {
  readonly client: string
  readonly access: string
  readonly refresh: string
  readonly id: string
  /** Of the access token, as it says of itself. */
  readonly claims: {
    readonly sub: string
    readonly sid: string
    readonly login: string
    readonly jti: string
  }
}

/** Asks for a code with the single sign-on cookie and redeems it: a new session. */
export async function grantedTokens(
  deployment: Deployment,
  cookie: string,
  client: string = deployment.app.id,
): Promise<GrantedTokens> {
  const code = await newCode(deployment, cookie, client)
  if (code === null) throw new Error('the cookie is worth no code')
  const answer = await token(deployment, {
    client_id: client,
    grant_type: 'authorization_code',
    code,
    code_verifier: VERIFIER,
  })
  const { access_token: access, refresh_token: refresh, id_token: id } = await answer.json()
  return { client, access, refresh, id, claims: part(access, 1) }
}

/** The code that the cookie is worth, without any question; null when the person would have to sign in. */
export async function newCode(
  { issuer, app }: Deployment,
  cookie: string,
  client: string = app.id,
): Promise<string | null> {
  const query = new URLSearchParams({
    client_id: client,
    redirect_uri: app.redirectUri,
    response_type: 'code',
    scope: 'openid orders:read',
    prompt: 'none',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  })
  const answer = await fetch(`${issuer}/authorize?${query}`, { headers: { cookie }, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('code')
}

/** The status with which the authority answers a refresh: 200, or 400 when the session is over. */
export async function refreshStatus(
  deployment: Deployment,
  { client, refresh }: GrantedTokens,
): Promise<number> {
  const body = { client_id: client, grant_type: 'refresh_token', refresh_token: refresh }
  return (await token(deployment, body)).status
}

/** The status with which the authority itself takes the access token: 200, or 401 when it refuses it. */
export async function accessStatus({ issuer }: Deployment, { access }: GrantedTokens): Promise<number> {
  return (await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${access}` } })).status
}

/** The id of the key that signed a token. */
export function kidOf(jwt: string): string {
  return part(jwt, 0).kid
}

function token({ issuer }: Deployment, values: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(values) })
}

function part(jwt: string, index: 0 | 1) {
  return JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString())
}

const VERIFIER = 'v'.repeat(43)
const CHALLENGE = '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM'
