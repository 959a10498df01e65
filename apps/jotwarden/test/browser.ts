/** What a browser does, as far as these flows need it: cookies, redirects, forms. No script. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()
  #page: Page | undefined

  /** The page that is shown. */
  get page(): Page {
    if (this.#page === undefined) throw new Error('No page is open')
    return this.#page
  }

  /** Opens an address and follows redirects. */
  async open(url: string): Promise<Page> {
    return this.#go(url, { method: 'GET' })
  }

  /** Fills in the form that is sent to `action`, presses its button, and follows redirects. */
  async submit(action: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    const { url, html } = this.page
    const form = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find((one) =>
      new URL(attribute(one[1] ?? '', 'action') ?? '', url).pathname.endsWith(action),
    )
    if (form === undefined) throw new Error(`The page has no form for ${action}: ${html}`)
    const body = new URLSearchParams()
    for (const [, attributes = ''] of (form[2] ?? '').matchAll(/<input\b([^>]*)>/g)) {
      body.set(attribute(attributes, 'name') ?? '', attribute(attributes, 'value') ?? '')
    }
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    const target = new URL(attribute(form[1] ?? '', 'action') ?? '', url)
    return this.#go(target.href, {
      method: 'POST',
      body: body.toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(url).origin,
        'sec-fetch-site': 'same-origin',
      },
    })
  }

  async #go(url: string, init: RequestInit): Promise<Page> {
    let [next, request] = [url, init]
    for (let hops = 0; hops < 10; hops += 1) {
      const host = new URL(next).hostname
      const cookie = [...(this.#cookies.get(host) ?? [])]
        .map(([name, value]) => `${name}=${value}`)
        .join('; ')
      const answer = await fetch(next, {
        ...request,
        redirect: 'manual',
        headers: { ...request.headers, ...(cookie === '' ? {} : { cookie }) },
      })
      this.#keep(host, answer.headers.getSetCookie())
      const location = answer.headers.get('location')
      if (location === null) {
        this.#page = { url: next, status: answer.status, html: await answer.text() }
        return this.#page
      }
      await answer.body?.cancel()
      next = new URL(location, next).href
      request = { method: 'GET' }
    }
    throw new Error('Too many redirects')
  }

  // Ports do not keep cookies apart, as in a real browser.
  #keep(host: string, lines: readonly string[]): void {
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      if (/max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    this.#cookies.set(host, jar)
  }
}

/** A page as it arrived. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
}
