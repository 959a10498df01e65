import { fileURLToPath } from 'node:url'

/** A file of the install of its own in `runtimes/`. */
export function installed(file: string): string {
  return fileURLToPath(new URL(`../../../runtimes/node_modules/${file}`, import.meta.url))
}

export const REMEDY = 'npm ci --prefix runtimes'
