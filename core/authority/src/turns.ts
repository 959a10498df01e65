/** Lets a few acts run at once and the rest wait, each network in its own line. */
export interface Turns {
  /**
   * Runs the act when it is its network's turn: the lines are served in turn, one act each. With the queue full, the latest
   * of the longest line gives way. Answers `crowded` for what was not run.
   */
  take<Answer>(network: string | null, act: () => Promise<Answer>): Promise<Answer | 'crowded'>
}

export function createTurns(bounds: {
  /** Acts that run at once. */
  readonly width: number
  /** Acts that wait. */
  readonly most: number
}): Turns {
  const lines = new Map<string, Waiting[]>()
  let running = 0
  let waiting = 0

  function next(): void {
    if (running >= bounds.width) return
    const [first] = lines
    if (first === undefined) return
    const [network, line] = first
    const turn = line.shift()
    // To the end of the round, if anyone is left
    lines.delete(network)
    if (line.length > 0) lines.set(network, line)
    waiting -= 1
    running += 1
    turn?.('go')
  }

  function queue(network: string): Promise<'go' | 'crowded'> {
    return new Promise((resolve) => {
      const line = lines.get(network) ?? []
      line.push(resolve)
      lines.set(network, line)
      waiting += 1
      if (waiting > bounds.most) turnAway()
    })
  }

  function turnAway(): void {
    const [network, line] = [...lines].reduce((one, other) =>
      other[1].length >= one[1].length ? other : one,
    )
    line.pop()?.('crowded')
    if (line.length === 0) lines.delete(network)
    waiting -= 1
  }

  return {
    async take(network, act) {
      const turn = queue(network ?? '')
      next()
      if ((await turn) === 'crowded') return 'crowded'
      try {
        return await act()
      } finally {
        running -= 1
        next()
      }
    },
  }
}

type Waiting = (turn: 'go' | 'crowded') => void
