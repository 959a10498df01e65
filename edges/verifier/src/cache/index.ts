export { type TokenCacheOptions, tokenCache } from './token-cache.ts'
