export type { ReplayStore } from '@jotwarden/policy'
export { dpop } from './dpop.ts'
export type { DpopNonceOptions, DpopOptions } from './dpop-options.ts'
export { type MemoryReplayOptions, memoryReplayStore } from './memory-replay-store.ts'
