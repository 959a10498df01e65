import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Corpus } from '../run/compare.ts'
import type { CaseAnswers } from '../run/corpus-answers.ts'
import { bundled } from './bundle.ts'
import { installed, REMEDY } from './installed.ts'
import type { Runtime } from './runtime.ts'

export const workerd: Runtime = {
  name: 'workerd',
  executable: installed('@cloudflare/workerd-linux-64/bin/workerd'),
  remedy: REMEDY,
  answers,
}

async function answers(corpus: Corpus): Promise<readonly CaseAnswers[]> {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'))
  writeFileSync(join(folder, 'worker.mjs'), await bundled('in-worker.ts', 'web'))
  writeFileSync(join(folder, 'worker.capnp'), CONFIGURATION)
  const args = ['serve', 'worker.capnp', '--control-fd=3']
  const server = spawn(workerd.executable, args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const url = `http://127.0.0.1:${await portOf(server)}/`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(corpus) })
    if (!response.ok) throw new Error(`workerd answers ${response.status}: ${await response.text()}`)
    return (await response.json()) as readonly CaseAnswers[]
  } finally {
    const ended = once(server, 'exit')
    if (server.exitCode === null && server.kill()) await ended
    rmSync(folder, { recursive: true })
  }
}

/** It says on the third descriptor where it listens. */
async function portOf(server: ChildProcess): Promise<number> {
  const control = server.stdio[3] as Readable
  for await (const line of createInterface({ input: control })) {
    const event: { readonly event?: string; readonly port?: number } = JSON.parse(line)
    if (event.event === 'listen' && event.port !== undefined) return event.port
  }
  throw new Error('workerd ended before it listened')
}

const CONFIGURATION = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "corpus", worker = .corpus)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "corpus")],
);
const corpus :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-10-01",
);
`
