export type { FeedState } from './feed-loop.ts'
export { followRevocations } from './follow-revocations.ts'
export type { DisconnectReason, FeedMode, RevocationEvent } from './revocation-event.ts'
export type { RevocationOptions } from './revocation-options.ts'
