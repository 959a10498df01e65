/** The body of an answer that is written bit by bit. */
export interface Outlet {
  readonly body: ReadableStream<Uint8Array>
  /** Whether its reader has taken everything that was written. */
  readonly isEmpty: boolean
  write(bytes: Uint8Array): void
  /** What was written before still arrives. */
  close(): void
}

/** Who is told of the reader. */
export interface OutletListener {
  /** Everything that was written has been taken. Also called when nothing changed. */
  emptied(): void
  /** The reader went away. */
  gone(): void
}

export function createOutlet(listener: OutletListener): Outlet {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
      },
      pull: () => listener.emptied(),
      cancel: () => listener.gone(),
    },
    { highWaterMark: 1 },
  )
  return {
    body,
    get isEmpty() {
      return (controller?.desiredSize ?? 0) > 0
    },
    write: (bytes) => controller?.enqueue(bytes),
    close: () => controller?.close(),
  }
}
