export { createServer } from './create-server.ts'
export { ServerError, type ServerErrorCode } from './errors.ts'
export type { Logger } from './logger.ts'
export type {
  AnsweredRequest,
  ConnectionInfo,
  FeedLimits,
  FeedState,
  RequestLogOptions,
  Server,
  ServerOptions,
} from './server-options.ts'
