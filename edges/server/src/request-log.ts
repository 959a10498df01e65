import { networkPrefix } from '@jotwarden/authority'
import type { Logger } from './logger.ts'
import type { AnsweredRequest, RequestLogOptions } from './server-options.ts'

/** A request that was answered, with what only the log may know. */
export interface Answered {
  readonly route: string
  readonly method: string
  readonly status: number
  readonly ms: number
  readonly refusal: string | undefined
  readonly id: string
  /** The client's address, as far as it can be believed. */
  readonly address: string | undefined
}

interface RequestLogParts extends RequestLogOptions {
  readonly logger: Logger
  readonly observe: ((answered: AnsweredRequest) => void) | undefined
}

/**
 * Makes the one place that tells of answers: a line for people, whose level says whether somebody has to look, and the
 * numbers for whoever counts. Nothing that a caller writes freely is in either: no path, query, header or body.
 */
export function createRequestLog(parts: RequestLogParts): (answered: Answered) => void {
  const { logger, observe, every = true, slow = 1, addresses = 'network' } = parts
  return (answered) => {
    const { route, status, ms, refusal, id, address } = answered
    const method = METHODS.has(answered.method) ? answered.method : 'other'
    if (observe !== undefined) quietly(() => observe({ route, method, status, seconds: ms / 1000, refusal }))
    const level = levelOf(status, ms >= slow * 1000)
    if (level === 'info' && !every) return
    const from = address === undefined ? undefined : shown(address, addresses)
    const event = {
      ...{ method, route, status, ms, request: id },
      ...(from === undefined ? {} : { from }),
      ...(refusal === undefined ? {} : { refusal }),
    }
    logger[level](event, ms >= slow * 1000 ? 'request answered slowly' : 'request answered')
  }
}

/** 503 is what was meant to happen under load; 500 never is. */
function levelOf(status: number, isSlow: boolean): 'info' | 'warn' | 'error' {
  if (status >= 500 && status !== 503) return 'error'
  return status === 503 || isSlow ? 'warn' : 'info'
}

function shown(address: string, as: NonNullable<RequestLogOptions['addresses']>): string | undefined {
  if (as === 'none') return undefined
  if (as === 'full') return address
  const prefix = networkPrefix(address)
  if (prefix === undefined) return undefined
  return prefix.includes('.') ? `${prefix}.0/24` : `${prefix}::/48`
}

function quietly(tell: () => void): void {
  try {
    tell()
  } catch {
    // Counting is not worth an answer
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])
