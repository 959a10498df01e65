import type { Deployment } from './deployment.ts'

/** Signs the person in through the form, and gives the single sign-on cookie. */
export async function signedInCookie(deployment: Deployment): Promise<string> {
  const enter = await begunSignIn(deployment)
  return enter()
}

/** Opens the sign-in page; whoever calls what comes back sends the form, however much later, and has the cookie. */
export async function begunSignIn({ issuer, app, account }: Deployment): Promise<() => Promise<string>> {
  const query = new URLSearchParams({
    client_id: app.id,
    redirect_uri: app.redirectUri,
    response_type: 'code',
    scope: 'openid orders:read',
    code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM',
    code_challenge_method: 'S256',
  })
  const page = await fetch(`${issuer}/authorize?${query}`)
  const interaction = /name="interaction" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const cookie = pairs(page).join('; ')
  const body = new URLSearchParams({ interaction, ...account })
  const headers = { cookie, origin: new URL(issuer).origin }
  return async () => {
    const entered = await fetch(`${issuer}/login`, { method: 'POST', body, headers, redirect: 'manual' })
    const login = pairs(entered).find((pair) => pair.includes('login='))
    if (login === undefined) throw new Error(`the sign-in was answered with ${entered.status}`)
    return login
  }
}

function pairs(answer: Response): readonly string[] {
  return answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
}
