import { ServerError } from './errors.ts'

/**
 * Checks that a form was sent by a page of ours, as far as the browser says: `Origin`, when present, is our own (`null`
 * is not), and `Sec-Fetch-Site`, when present, is `same-origin`, or `none`, which is what the person does by hand and no
 * other site can cause. The browser-binding cookie is checked besides, by the authority.
 *
 * Throws `server/cross-site`.
 */
export function checkSameOrigin(headers: Headers, origin: string): void {
  const sender = headers.get('origin')
  if (sender !== null && sender !== origin) throw crossSite()
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') throw crossSite()
}

/** Whether the browser says that another site sent this. */
export function isCrossSite(headers: Headers): boolean {
  return headers.get('sec-fetch-site') === 'cross-site'
}

function crossSite(): ServerError {
  return new ServerError('server/cross-site', 'Cannot take the form: another site sent it')
}
