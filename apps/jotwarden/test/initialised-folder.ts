import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { jotwarden, temporaryFolder } from './jotwarden-process.ts'

/** A folder in which `jotwarden init` was run, with one resource declared. */
export async function initialisedFolder(): Promise<string> {
  const folder = temporaryFolder()
  const { code, stderr } = await jotwarden(['init', '--issuer', 'http://127.0.0.1:8420'], { folder })
  if (code !== 0) throw new Error(stderr)
  appendFileSync(join(folder, 'jotwarden.toml'), RESOURCE)
  return folder
}

const RESOURCE = `
[[resources]]
identifier = "https://api.example.com"
name = "Orders"
scopes = { "orders:read" = "See your orders" }
`
