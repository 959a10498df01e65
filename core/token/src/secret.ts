import { utf8Bytes } from '#platform'

/** Bytes that printing, JSON, spreading and inspection do not show; `reveal()` and `revealText()` are the only exits. */
export class Secret {
  readonly #bytes: Uint8Array

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Holds a copy of the bytes; the caller may overwrite its own afterwards. */
  static fromBytes(bytes: Uint8Array): Secret {
    return new Secret(Uint8Array.from(bytes))
  }

  /** Holds the UTF-8 bytes of the text. */
  static fromText(text: string): Secret {
    return new Secret(Uint8Array.from(utf8Bytes(text)))
  }

  /** A fresh copy of the bytes. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  /** The bytes read as UTF-8. */
  revealText(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes)
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN
  }
}

const HIDDEN = '[secret]'

// What `inspect` of node:util asks for; as a class member, the symbol would keep the declarations from being derived.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => HIDDEN })
