import type { Server } from '@jotwarden/server'

/** As much of a browser as a sign-in needs: cookies, forms, and the headers that a page's own form has. */
export interface TestBrowser {
  readonly cookies: Map<string, string>
  open(url: string): Promise<Response>
  /** Fills in the form of a page and sends it. */
  submit(page: Response, values: Record<string, string>): Promise<Response>
}

export function browser(server: Server, origin: string): TestBrowser {
  const cookies = new Map<string, string>()
  async function send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const answer = await server.fetch(new Request(url, { ...init, headers }), { encrypted: true })
    for (const text of answer.headers.getSetCookie()) keep(text)
    return answer
  }
  function keep(text: string): void {
    const [pair = '', ...attributes] = text.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    if (name.startsWith('__Host-')) {
      const hostOnly = attributes.includes('Secure') && attributes.includes('Path=/')
      if (!hostOnly || text.includes('Domain')) throw new Error(`a browser drops the cookie ${name}`)
    }
    if (name.startsWith('__Host-Http-') && !attributes.includes('HttpOnly'))
      throw new Error(`a browser drops the cookie ${name}`)
    if (attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, pair.slice(name.length + 1))
  }
  return {
    cookies,
    open: (url) => send(new URL(url, origin), {}),
    async submit(page, values) {
      const text = await page.text()
      const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? ''
      const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
      const kept = hidden.map(([, name = '', value = '']) => [name, unescaped(value)])
      return send(new URL(action, origin), {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(kept), ...values }).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin,
          'sec-fetch-site': 'same-origin',
        },
      })
    },
  }
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}
