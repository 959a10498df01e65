import type { Terminal } from './terminal.ts'

/** One line that is written over while a store is copied, for a person who waits; programs get none. */
export function copyingOn({ stderr }: Terminal): {
  readonly show: (pages: { readonly done: number; readonly all: number }) => void
  readonly clear: () => void
} {
  const isShown = stderr.isTTY === true
  let shown = -1
  return {
    show({ done, all }) {
      const percent = Math.floor((100 * done) / Math.max(1, all))
      if (!isShown || percent === shown) return
      shown = percent
      stderr.write(`${CLEAR_LINE}Copying: ${percent} %`)
    },
    clear() {
      if (isShown) stderr.write(CLEAR_LINE)
    },
  }
}

const CLEAR_LINE = '\r\u001b[2K'
