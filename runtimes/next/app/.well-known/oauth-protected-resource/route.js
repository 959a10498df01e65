import { metadata } from '../../../.jotwarden/guarded.mjs'

export const GET = metadata.fetch
export const OPTIONS = metadata.fetch
