import { readFileSync } from 'node:fs'
import type { PreparedRequests, Subject } from './subject.ts'

/** What one answer of a token endpoint holds, as far as its cost goes. */
export interface AnswerShape {
  /** How many ES256 signatures it took. */
  readonly signatures: number
  readonly idToken: boolean
  readonly bytes: number
}

/** Sends the first prepared body and throws unless the answer is what the case promises. */
export async function answerShape(
  subject: Subject,
  of: string,
  requests: PreparedRequests,
  file: string,
): Promise<AnswerShape> {
  const [body = ''] = readFileSync(file, 'utf8').split('\n')
  const sent = Object.fromEntries(new URLSearchParams(body))
  const response = await fetch(subject.origin + requests.path, {
    method: 'POST',
    headers: requests.headers,
    body,
  })
  const text = await response.text()
  if (response.status !== 200)
    throw new Error(`Cannot measure ${of} of ${subject.name}: it answers ${response.status} ${text}`)
  const answer = JSON.parse(text) as Readonly<Record<string, unknown>>
  const faults = faultsOf(answer, sent)
  if (faults.length > 0) throw new Error(`Cannot measure ${of} of ${subject.name}: ${faults.join(', ')}`)
  const signed = [answer.access_token, answer.id_token].filter(isSigned)
  return { signatures: signed.length, idToken: answer.id_token !== undefined, bytes: text.length }
}

function faultsOf(
  answer: Readonly<Record<string, unknown>>,
  sent: Readonly<Record<string, string>>,
): readonly string[] {
  const faults: string[] = []
  if (!isSigned(answer.access_token)) faults.push('the access token is no JWT with ES256')
  if (sent.grant_type !== 'refresh_token') return faults
  if (typeof answer.refresh_token !== 'string') faults.push('there is no refresh token')
  if (answer.refresh_token === sent.refresh_token) faults.push('the refresh token was not rotated')
  return faults
}

function isSigned(token: unknown): boolean {
  if (typeof token !== 'string') return false
  const [header = '', , signature = ''] = token.split('.')
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { readonly alg?: string }
  return alg === 'ES256' && Buffer.from(signature, 'base64url').length === 64
}
