export { createServer } from './create-server.ts'
export { ServerError, type ServerErrorCode } from './errors.ts'
export type { Logger } from './logger.ts'
export { type Language, languages, type OwnTexts, pageTexts } from './pages/texts/languages.ts'
export type { PageText, Texts } from './pages/texts/texts.ts'
export type {
  AnsweredRequest,
  ConnectionInfo,
  FeedLimits,
  FeedState,
  PageOptions,
  RequestLogOptions,
  Server,
  ServerOptions,
} from './server-options.ts'
export type { Colours, Scheme } from './theme/colours.ts'
export { type DerivedColours, deriveColours } from './theme/derive-colours.ts'
export { type Logo, logoFault } from './theme/logo.ts'
export type { ThemeOptions } from './theme/theme.ts'
