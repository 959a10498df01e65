export { handle as GET, handle as POST } from '../../../.jotwarden/guarded.mjs'
