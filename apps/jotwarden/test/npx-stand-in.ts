import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, temporaryFolder } from './jotwarden-process.ts'

/**
 * A folder for PATH with an `npx` that starts `jotwarden` and `node` as a checkout's own does. npm's part, finding the
 * command, is left out: it takes seconds and may ask a registry.
 */
export function npxStandIn(): string {
  const folder = temporaryFolder()
  const node = `exec "${process.execPath}" --conditions=jotwarden-source`
  const script = `#!/bin/sh
case "$1" in
  jotwarden) shift; ${node} "${bin}" "$@" ;;
  node) shift; ${node} "$@" ;;
esac
exit 9
`
  writeFileSync(join(folder, 'npx'), script)
  chmodSync(join(folder, 'npx'), 0o755)
  return folder
}
