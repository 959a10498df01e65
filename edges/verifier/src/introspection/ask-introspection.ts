import { type JsonObject, parseJsonObject, type Secret } from '@jotwarden/token'
import { boundedBody } from '../bounded-body.ts'
import { basicAuthorization } from '../client-credential.ts'
import { credentialEndpoint } from '../credential-endpoint.ts'
import { VerifierError, type VerifierReason } from '../errors.ts'
import type { IssuerMetadata } from '../metadata.ts'
import { DeadlinePassed, type Fetch, withDeadline } from '../platform.ts'

/** What {@link introspect} is told. */
export interface AskIntrospectionOptions {
  readonly clientId: string
  readonly clientSecret: Secret
  /** Found by discovery when undefined. */
  readonly introspectionEndpoint: string | undefined
  /** Told the status with which the issuer refuses the credential. */
  readonly onRefused: (status: number) => void
  readonly issuer: string
  readonly metadata: IssuerMetadata
  readonly fetch: Fetch
  readonly timeout: number
}

/**
 * Asks the issuer what it says of a token at this moment (RFC 7662 §2). The answer has a boolean `active`.
 * Throws `verifier/freshness-unavailable`.
 */
export async function introspect(token: string, options: AskIntrospectionOptions): Promise<JsonObject> {
  try {
    return await withDeadline(options.timeout, (signal) => ask(token, options, signal))
  } catch (error) {
    options.metadata.forget()
    if (error instanceof VerifierError && error.code === 'verifier/closed') throw error
    // No other error is passed on as the cause: it may show the request, and with it token and credential
    if (error instanceof VerifierError) throw unavailable(error.reason ?? 'network')
    throw unavailable(error instanceof DeadlinePassed ? 'timeout' : 'network')
  }
}

async function ask(
  token: string,
  options: AskIntrospectionOptions,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { clientId, clientSecret, introspectionEndpoint, onRefused } = options
  const { issuer, metadata } = options
  const url = introspectionEndpoint ?? (await credentialEndpoint('introspection_endpoint', issuer, metadata))
  const response = await options.fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: basicAuthorization(clientId, clientSecret),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
    redirect: 'manual',
    credentials: 'omit',
    signal,
  })
  const { status } = response
  if (status === 400 || status === 401) onRefused(status)
  if (status !== 200 || response.redirected) {
    await response.body?.cancel()
    throw unavailable('document-status')
  }
  return readAnswer(await boundedBody(response, longestAnswer))
}

function readAnswer(bytes: Uint8Array | undefined): JsonObject {
  if (bytes === undefined) throw unavailable('document-too-large')
  const answer = parsed(bytes)
  if (typeof answer.active !== 'boolean') throw unavailable('document-malformed')
  return answer
}

function parsed(bytes: Uint8Array): JsonObject {
  try {
    return parseJsonObject(bytes)
  } catch {
    throw unavailable('document-malformed')
  }
}

/** The error for an issuer that cannot say whether a token is still good. */
export function unavailable(reason: VerifierReason): VerifierError {
  return new VerifierError(
    'verifier/freshness-unavailable',
    'Cannot make sure that the token is still good: the issuer could not be asked',
    { reason },
  )
}

const longestAnswer = 64 * 1024
