import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { median } from './result.ts'
import { scratchFolder } from './scratch-folder.ts'

/** What the figures were measured on, as one line. */
export function machineLine(): string {
  const cores = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const sync = `fdatasync ${diskSyncMilliseconds().toFixed(2)} ms`
  const model = cores[0]?.model.trim() ?? 'unknown processor'
  return `${cores.length} × ${model}, ${memory}, ${type()} ${release()}, Node ${process.version}, ${sync}`
}

/** The median of writing a page and waiting until it is on the disk. */
function diskSyncMilliseconds(): number {
  const folder = scratchFolder()
  const file = openSync(join(folder, 'sync'), 'w')
  const page = Buffer.alloc(4096)
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return median(times)
}

/** Whether the folder lies in memory, where a durable commit costs nothing. */
export function liesInMemory(folder: string): boolean {
  return MEMORY_FILE_SYSTEMS.has(statfsSync(folder).type)
}

const TMPFS = 0x01021994
const RAMFS = 0x858458f6
const MEMORY_FILE_SYSTEMS: ReadonlySet<number> = new Set([TMPFS, RAMFS])
