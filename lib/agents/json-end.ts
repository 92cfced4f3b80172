const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set(Buffer.from('{['));
const CLOSING = new Set(Buffer.from('}]'));

/** Tells from its bytes, each of them looked at once, when the outermost object of a JSON text has been closed. */
export class JsonEnd {
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #isReached = false;

  get isReached(): boolean {
    return this.#isReached;
  }

  see(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isText = false;
      } else if (byte === QUOTE) this.#isText = true;
      else if (OPENING.has(byte)) this.#depth += 1;
      else if (CLOSING.has(byte)) {
        this.#depth -= 1;
        if (this.#depth <= 0) this.#isReached = true;
      }
    }
  }
}
