import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One npm workspace of the repository. */
export interface WorkspacePackage {
  readonly name: string
  /** Relative to the repository's root, with `/`. */
  readonly folder: string
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  /** The subpaths its `exports` open, `.` for the package itself; it opens none without `exports`. */
  readonly exports: ReadonlySet<string>
  /** The doors it opens to itself alone: the `#` names of its `imports`. */
  readonly imports: ReadonlySet<string>
}

/** Every workspace that the root's package.json names, in the order of their folders. */
export function workspacePackages(root: string): readonly WorkspacePackage[] {
  const globs = manifestAt(root).workspaces ?? []
  const folders = globs.flatMap((glob) => globSync(glob, { cwd: root }))
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => folder.replaceAll('\\', '/'))
    .sort()
    .map((folder) => packageAt(root, folder))
}

/** The packages that the tests of every workspace may use. */
export function sharedTestTools(root: string): ReadonlySet<string> {
  return new Set(Object.keys(manifestAt(root).devDependencies ?? {}))
}

function packageAt(root: string, folder: string): WorkspacePackage {
  const manifest = manifestAt(join(root, folder))
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  return {
    name: manifest.name,
    folder,
    dependencies: new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })),
    devDependencies: new Set(Object.keys(devDependencies ?? {})),
    exports: new Set(Object.keys(manifest.exports ?? {})),
    imports: new Set(Object.keys(manifest.imports ?? {})),
  }
}

function manifestAt(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

interface Manifest {
  readonly name: string
  readonly workspaces?: readonly string[]
  readonly exports?: Record<string, unknown>
  readonly imports?: Record<string, unknown>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}
