import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { covers, type ImportTable, opens, parseImportTable, rowOf } from './import-table.ts'
import { importsOf } from './imports-of.ts'
import { sharedTestTools, type WorkspacePackage, workspacePackages } from './workspace.ts'

export interface LayerReport {
  readonly findings: readonly string[]
  /** Folder to folder, as the sources (not the tests) import. */
  readonly edges: readonly (readonly [from: string, to: string])[]
}

/** Compares every import of every workspace with the table in `docs/architecture.md` and with its package.json. */
export function checkLayers(root: string): LayerReport {
  const table = parseImportTable(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))
  const packages = workspacePackages(root)
  const house: House = { root, table, packages, testTools: sharedTestTools(root) }
  const uses = packages.flatMap((owner) => usesOf(house, owner))
  const edges = new Set<string>()
  for (const { owner, isTest, target } of uses) {
    if (!isTest && target !== undefined && target !== owner) edges.add(`${owner.folder} ${target.folder}`)
  }
  const findings = [
    ...unmatched(house),
    ...uses.flatMap((use) => faultsOf(house, use).map((fault) => `${use.file}:${use.line} ${fault}`)),
    ...packages.flatMap((owner) => unused(packages, owner, uses)),
  ]
  return { findings, edges: [...edges].sort().map((edge) => edge.split(' ') as [string, string]) }
}

/** The graph of the edges, as Mermaid draws it. */
export function mermaidOf(report: LayerReport): string {
  return ['graph TD', ...report.edges.map(([from, to]) => `  ${from} --> ${to}`)].join('\n')
}

interface House {
  readonly root: string
  readonly table: ImportTable
  readonly packages: readonly WorkspacePackage[]
  readonly testTools: ReadonlySet<string>
}

interface Use {
  readonly owner: WorkspacePackage
  readonly file: string
  readonly line: number
  readonly isTest: boolean
  readonly specifier: string | null
  /** The workspace it names, when it names one. */
  readonly target: WorkspacePackage | undefined
}

function usesOf(house: House, owner: WorkspacePackage): readonly Use[] {
  const files = globSync(`${owner.folder}/**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}`, {
    cwd: house.root,
    exclude: (name) => /(^|\/)(node_modules|dist|coverage)$/.test(name),
  })
  return files.sort().flatMap((file) => {
    const isTest = file.startsWith(`${owner.folder}/test/`)
    return importsOf(readFileSync(join(house.root, file), 'utf8')).map(({ specifier, line }) => {
      const target = house.packages.find((one) => specifier !== null && packageNameOf(specifier) === one.name)
      return { owner, file, line, isTest, specifier, target }
    })
  })
}

function faultsOf(house: House, use: Use): readonly string[] {
  const { specifier, owner, isTest, target } = use
  if (specifier === null)
    return isTest || covers('apps/*', owner.folder)
      ? []
      : ['imports a computed name, which no check can follow']
  if (specifier.startsWith('.') || specifier.startsWith('/')) return relativeFaults(house, use, specifier)
  if (specifier.startsWith('#'))
    return owner.imports.has(specifier) && !isTest
      ? []
      : [`imports ${specifier}, which is no door of ${owner.folder}'s sources`]
  if (isBuiltin(specifier)) return builtinFaults(use, specifier)
  if (target === owner)
    return isTest || use.file.startsWith(`${owner.folder}/bin/`)
      ? deepFaults(target, specifier)
      : [`imports its own package ${specifier}: name the defining file`]
  if (target === undefined)
    return isDeclared(house, use, packageNameOf(specifier)) ? [] : [undeclared(use, packageNameOf(specifier))]
  return [...edgeFaults(house, use, target), ...deepFaults(target, specifier)]
}

function edgeFaults(house: House, use: Use, target: WorkspacePackage): readonly string[] {
  const { owner, isTest } = use
  // The table itself declares these: no package.json repeats them, since most would then depend in a circle
  if (isTest && opens(house.table.tests, target.folder)) return []
  const allowed = rowOf(house.table, owner.folder)?.mayImport ?? []
  if (!opens(allowed, target.folder))
    return [
      `imports ${target.name}: the table in docs/architecture.md has no edge from ${owner.folder} to ${target.folder}`,
    ]
  return isDeclared(house, use, target.name) ? [] : [undeclared(use, target.name)]
}

function deepFaults(target: WorkspacePackage, specifier: string): readonly string[] {
  const subpath = `.${specifier.slice(target.name.length)}`
  return target.exports.has(subpath)
    ? []
    : [`imports ${specifier}, which the exports of ${target.name} do not open`]
}

function relativeFaults(house: House, use: Use, specifier: string): readonly string[] {
  const reached = relative(
    resolve(house.root, use.owner.folder),
    resolve(house.root, dirname(use.file), specifier),
  )
  return reached.startsWith('..') || specifier.startsWith('/')
    ? [`imports ${specifier}, which leaves ${use.owner.folder}`]
    : []
}

function builtinFaults(use: Use, specifier: string): readonly string[] {
  if (use.isTest || !covers('core/*', use.owner.folder)) return []
  const behindDoor = use.file.startsWith(`${use.owner.folder}/src/platform/`)
  if (CORE_BUILTINS.has(specifier) && use.owner.imports.has(DOOR) && !behindDoor)
    return [`imports ${specifier} beside the door ${DOOR}, which other runtimes need`]
  if (CORE_BUILTINS.has(specifier)) return []
  return [`imports ${specifier}: core does no I/O and may use ${[...CORE_BUILTINS].join(' and ')} alone`]
}

function isDeclared(house: House, use: Use, name: string): boolean {
  if (use.owner.dependencies.has(name)) return true
  return use.isTest && (use.owner.devDependencies.has(name) || house.testTools.has(name))
}

function undeclared(use: Use, name: string): string {
  return `imports ${name}, which ${use.owner.folder}/package.json does not declare${use.isTest ? '' : ' as a dependency'}`
}

function unmatched(house: House): readonly string[] {
  const { table, packages } = house
  const rowless = packages.filter((one) => rowOf(table, one.folder) === undefined)
  const empty = table.rows.filter((row) => !packages.some((one) => covers(row.folder, one.folder)))
  return [
    ...rowless.map((one) => `docs/architecture.md has no row for ${one.folder} in its import table`),
    ...empty.map((row) => `docs/architecture.md has a row for ${row.folder}, and no such package exists`),
  ]
}

function unused(
  packages: readonly WorkspacePackage[],
  owner: WorkspacePackage,
  uses: readonly Use[],
): readonly string[] {
  const own = uses.filter((use) => use.owner === owner)
  return packages
    .filter((one) => owner.dependencies.has(one.name) || owner.devDependencies.has(one.name))
    .filter(
      (one) => !own.some((use) => use.target === one && (!use.isTest || owner.devDependencies.has(one.name))),
    )
    .map((one) => `${owner.folder}/package.json declares ${one.name}, which nothing there imports`)
}

function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const DOOR = '#platform'
const CORE_BUILTINS: ReadonlySet<string> = new Set(['node:crypto', 'node:buffer'])

if (import.meta.main) {
  const report = checkLayers(process.cwd())
  const shown = process.argv.includes('--mermaid') ? mermaidOf(report) : report.findings.join('\n')
  if (shown !== '') console.log(shown)
  process.exitCode = report.findings.length === 0 ? 0 : 1
}
