/** What takes back one write. */
export type Undo = () => void

/** Rows of one kind by key. Rows are copied on their way in, and each write leaves its undoing in the journal. */
export interface Table<Row> {
  find(key: string): Row | undefined
  /** In the order of their adding. */
  all(): readonly Row[]
  size(): number
  put(key: string, row: Row): void
  remove(key: string): void
}

export function createTable<Row>(journal: Undo[]): Table<Row> {
  const rows = new Map<string, Row>()
  const restore = (key: string): Undo => {
    const before = rows.get(key)
    return before === undefined ? () => rows.delete(key) : () => rows.set(key, before)
  }
  return {
    find: (key) => rows.get(key),
    all: () => [...rows.values()],
    size: () => rows.size,
    put(key, row) {
      const copy = structuredClone(row)
      journal.push(restore(key))
      rows.set(key, copy)
    },
    remove(key) {
      journal.push(restore(key))
      rows.delete(key)
    },
  }
}
