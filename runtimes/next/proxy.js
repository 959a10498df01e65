import { proxied } from './.jotwarden/guarded.mjs'

export const proxy = proxied
export const config = { matcher: '/proxied' }
