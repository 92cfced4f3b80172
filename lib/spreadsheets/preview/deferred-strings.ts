import { randomUUID } from 'node:crypto';
import { unreadable } from '../failure.ts';
import { readSharedStrings } from '../read/ooxml/shared-strings.ts';

const END_OF_STRING = '/si>';

/** As much of the shared strings as holds this many of them. */
async function* upTo(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let found = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) {
    yield chunk;
    // A tag may be cut between two chunks.
    const text = Buffer.concat([tail, chunk]);
    for (let at = text.indexOf(END_OF_STRING); at >= 0; at = text.indexOf(END_OF_STRING, at + 1)) found++;
    if (found >= count) return;
    tail = text.subarray(text.length - Math.min(text.length, END_OF_STRING.length - 1));
  }
}

/**
 * Shared strings that are not read yet. While rows are scanned, each is stood in for by a mark; afterwards
 * the strings are read as far as the marks need, which for a few rows of a large workbook is not far.
 */
export class DeferredStrings {
  readonly #mark = `${randomUUID()}:`;
  #needed = 0;

  /** What the scanner takes for the workbook's strings. */
  readonly marks: readonly string[] = new Proxy([] as string[], {
    get: (_, key) => {
      const index = typeof key === 'string' ? Number(key) : Number.NaN;
      if (!Number.isSafeInteger(index) || index < 0) return undefined;
      this.#needed = Math.max(this.#needed, index + 1);
      return this.#mark + index;
    },
  });

  /** Puts the strings in the place of their marks. `open` starts reading them. Throws SpreadsheetFailure. */
  async resolve(
    rows: readonly string[][],
    open: (() => AsyncIterable<Buffer>) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (this.#needed === 0) return;
    const strings =
      open === undefined ? [] : await readSharedStrings(abortable(upTo(open(), this.#needed), signal));
    for (const row of rows) {
      row.forEach((text, column) => {
        if (text.startsWith(this.#mark)) row[column] = this.#resolved(text, strings);
      });
    }
  }

  #resolved(mark: string, strings: readonly string[]): string {
    const string = strings[Number(mark.slice(this.#mark.length))];
    if (string === undefined) throw unreadable('The file is damaged: a cell names a text that is not there.');
    return string;
  }
}

/** The same chunks, until the signal is aborted. */
export async function* abortable(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
