import { createHash } from 'node:crypto'
import type { TestBrowser } from './browser.ts'
import { CALLBACK, PASSWORD, VERIFIER, type World } from './world.ts'

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
}

/** Has a person sign in to `notes`, and redeems the code. */
export async function signIn(
  made: World,
  person: TestBrowser,
  scope: string = 'openid profile notes:read',
): Promise<Tokens> {
  const query = new URLSearchParams({
    client_id: 'notes',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  })
  let page = await person.open(`${made.issuer}/authorize?${query}`)
  if (page.status === 200) page = await person.submit(page, { username: 'ada', password: PASSWORD })
  if (!locationOf(page).startsWith(CALLBACK)) page = await person.open(locationOf(page))
  if (page.status === 200) page = await person.submit(page, { decision: 'allow' })
  const code = new URL(locationOf(page)).searchParams.get('code') ?? ''
  const redeemed = await made.post('/token', {
    grant_type: 'authorization_code',
    client_id: 'notes',
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
  })
  if (redeemed.status !== 200) throw new Error(`Cannot sign in: ${await redeemed.text()}`)
  return redeemed.json()
}

export function refresh(made: World, refreshToken: string): Promise<Response> {
  return made.post('/token', {
    grant_type: 'refresh_token',
    client_id: 'notes',
    refresh_token: refreshToken,
  })
}

function locationOf(answer: Response): string {
  return answer.headers.get('location') ?? ''
}
