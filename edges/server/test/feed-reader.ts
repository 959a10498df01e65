import { type FeedMessage, type Mark, parseFeedMessage } from '@jotwarden/policy'

/** Reads an answer of the feed line by line. */
export class FeedReader {
  readonly messages: FeedMessage[] = []
  isOver = false
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #rest = ''

  constructor(answer: Response) {
    if (answer.status !== 200 || answer.body === null)
      throw new Error(`Cannot read the feed: it was answered ${answer.status}`)
    this.#reader = answer.body.getReader()
  }

  /** Reads on in the background until the end. */
  follow(): this {
    void this.toEnd()
    return this
  }

  async toEnd(): Promise<readonly FeedMessage[]> {
    while (!this.isOver) await this.#readChunk()
    return this.messages
  }

  cancel(): Promise<void> {
    return this.#reader.cancel()
  }

  /** What came since this was last called. */
  taken(): readonly FeedMessage[] {
    return this.messages.splice(0)
  }

  async #readChunk(): Promise<void> {
    const { done, value } = await this.#reader.read()
    this.isOver = done
    const lines = (this.#rest + new TextDecoder().decode(value)).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const message = parseFeedMessage(new TextEncoder().encode(line))
      if (message === undefined) throw new Error(`Cannot read the feed: ${line} is of no known type`)
      this.messages.push(message)
    }
  }
}

/** Holds an answer against docs/feed.md: where it has come to, and every mark that it told. */
export function told(messages: readonly FeedMessage[]): {
  readonly position: number
  readonly marks: readonly Mark[]
} {
  const [hello, ...rest] = messages
  if (hello?.type !== 'hello') throw new Error('Cannot follow the feed: it does not begin with hello')
  let position = hello.after
  const marks: Mark[] = []
  for (const message of rest) {
    if (message.type === 'hello') throw new Error('Cannot follow the feed: it says hello again')
    if (message.type === 'marks') {
      if (message.previous !== position)
        throw new Error(`Cannot follow the feed: it goes on after ${message.previous}, not ${position}`)
      position = message.number
      marks.push(...message.marks)
    }
    if (message.type === 'head' && message.number !== position)
      throw new Error(`Cannot follow the feed: its head is ${message.number}, and it told up to ${position}`)
  }
  return { position, marks }
}
