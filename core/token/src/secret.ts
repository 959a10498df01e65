/** Bytes that must not be seen by accident: printing, spreading, comparing as text and JSON give nothing of them. */
export class Secret {
  readonly #bytes: Uint8Array

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  static fromBytes(bytes: Uint8Array): Secret {
    return new Secret(Uint8Array.from(bytes))
  }

  static fromText(text: string): Secret {
    return new Secret(Buffer.from(text, 'utf8'))
  }

  /** The one exit, as a copy. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  /** The one exit, as text. */
  revealText(): string {
    return Buffer.from(this.#bytes).toString('utf8')
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }
}

const HIDDEN = '[secret]'

// What `util.inspect` and `console.log` show; a private field alone would show the class, this shows the intent.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => HIDDEN })
