import { SpreadsheetFailure } from '../failure.ts';

// Characters collected before they are encoded: the hand-over then costs nothing.
const FLUSH_CHARACTERS = 256 * 1024;

/** Where the bytes of a form go. */
export type Output = (chunk: Uint8Array) => void;

/** Passes bytes on until there are too many. Throws SpreadsheetFailure `too_large`, which names the other way. */
export function bounded(output: Output, maxBytes: number): Output {
  let written = 0;
  return (chunk) => {
    written += chunk.byteLength;
    if (written > maxBytes) {
      throw new SpreadsheetFailure(
        'too_large',
        'write',
        `In this form the sheet has more than ${Math.floor(maxBytes / 2 ** 20)} MiB. Download it as xlsx, or as parquet.`,
      );
    }
    output(chunk);
  };
}

/** Text to bytes, in pieces of a size worth handing over. */
export class TextSink {
  readonly #output: Output;
  #held: string[] = [];
  #length = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  write(text: string): void {
    this.#held.push(text);
    this.#length += text.length;
    if (this.#length >= FLUSH_CHARACTERS) this.end();
  }

  /** Hands on what is held. */
  end(): void {
    if (this.#length > 0) this.#output(Buffer.from(this.#held.join('')));
    this.#held = [];
    this.#length = 0;
  }
}
