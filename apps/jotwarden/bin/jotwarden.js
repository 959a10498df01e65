#!/usr/bin/env node
// Plain JavaScript that every Node can parse: it must be able to say that the Node is too old.
import { existsSync } from 'node:fs'

const NEEDED = [24, 15]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  stop(
    `Cannot start: jotwarden needs Node.js ${NEEDED.join('.')} or newer, and this is ${process.versions.node}`,
    remedy(),
  )
} else {
  await start()
}

async function start() {
  let program
  try {
    program = await import('jotwarden/main')
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || built()) throw error
    stop(
      'Cannot start: this is a source checkout that is not built, and Node was not told to run the source',
      'Use `npm start` or `npx jotwarden`, or `node --conditions=jotwarden-source`, or build with `npm run build`',
    )
    return
  }
  process.exitCode = await program.main(process.argv.slice(2))
}

// In a checkout, npm ci brings a Node.js of its own, for this platform alone.
function remedy() {
  const install = `Install Node.js ${NEEDED.join('.')} or newer from https://nodejs.org`
  if (process.platform !== 'linux' || process.arch !== 'x64') return install
  return `In a checkout run \`npm ci\`, then \`npm start\` or \`npx jotwarden\`, which bring their own Node.js. Elsewhere: ${install[0].toLowerCase()}${install.slice(1)}`
}

function built() {
  return existsSync(new URL('../dist/main.js', import.meta.url)) || sourceCondition()
}

function sourceCondition() {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')
  return flags.includes('jotwarden-source')
}

function stop(problem, remedy) {
  process.stderr.write(`${problem}\n${remedy}\n`)
  process.exitCode = 2
}
