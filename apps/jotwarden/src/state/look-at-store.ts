import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type FileContents, lookAtFile } from '@jotwarden/store-sqlite'
import { Refusal } from '../refusal.ts'
import { storeRefusal } from './store-refusal.ts'
import { systemClock } from './system.ts'

/** Looks at the store without changing it. Throws `Refusal` when there is none, or none of ours. */
export function lookAtStore(
  path: string,
  now: number = systemClock.now(),
): { readonly contents: FileContents; readonly diskFree: number } {
  requireStore(path)
  try {
    return { contents: lookAtFile(path, now), diskFree: freeSpace(path) }
  } catch (error) {
    throw storeRefusal(error)
  }
}

/** Throws `Refusal` when there is no store, which looking must not make. */
export function requireStore(path: string): void {
  if (existsSync(path)) return
  throw new Refusal('refused', `Cannot find the store: ${path} does not exist`, {
    remedy: 'The first start makes it; or look at store.path',
  })
}

/** Bytes that this user can still write beside the file. */
export function freeSpace(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}
