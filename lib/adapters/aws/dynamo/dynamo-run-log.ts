import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { RunsError } from '../../../runs/errors.ts';
import type { LogWords, RunLog } from '../../../runs/ports.ts';
import type { RunRef } from '../../../runs/run.ts';
import { ABSENT, type Item, putItem, queryItems, type Table, timeToLive } from './items.ts';
import { logKey, logOffset, logPartition, logSort } from './keys.ts';

interface Chunk {
  offset: number;
  bytes: Uint8Array;
}

/** Chunks of one read: with the core's largest chunk of 256 KiB at most 4 MiB at a time. */
const PAGE_CHUNKS = 16;

/** Places in logs that this instance remembers to be the start of a chunk. */
const MOST_BOUNDARIES = 1000;

/**
 * A run's log as one item per chunk, named by its byte offset.
 *
 * Chunks are contiguous because a writer appends only where it knows the log to end: at 0, at what `end`
 * told it, or after its own last chunk. Each of these is either still the end or taken, and a taken one is
 * refused by the condition; so no write can begin inside a chunk or leave a gap.
 */
export class DynamoRunLog implements RunLog {
  readonly words: LogWords;
  readonly #table: Table;
  readonly #boundaries = new Set<string>();

  constructor(table: Table, words: LogWords) {
    this.#table = table;
    this.words = words;
  }

  async append(ref: RunRef, offset: number, bytes: Uint8Array, expiresAt?: Date): Promise<void> {
    const item: Item = { ...logKey(ref.runId, offset), ...pack(bytes), ...timeToLive(expiresAt) };
    const { done } = await putItem(this.#table, item, ABSENT);
    if (!done) throw new RunsError('log_moved', { runId: ref.runId, offset });
  }

  async read(ref: RunRef, offset: number, { consistent } = { consistent: false }): Promise<Uint8Array> {
    const following = await this.#chunksFrom(ref, offset, consistent);
    if (following[0]?.offset === offset || this.#isBoundary(ref, offset)) {
      return this.#join(ref, offset, following);
    }
    const before = await this.#chunkBefore(ref, offset, consistent);
    if (before === undefined) return new Uint8Array();
    const end = before.offset + before.bytes.length;
    if (end < offset) return new Uint8Array();
    const rest = { offset, bytes: before.bytes.subarray(offset - before.offset) };
    return this.#join(ref, offset, [rest, ...following]);
  }

  async end(ref: RunRef): Promise<number> {
    const [last] = await queryItems(
      this.#table,
      {
        KeyConditionExpression: 'pk = :log',
        ExpressionAttributeValues: { ':log': logPartition(ref.runId) },
        ScanIndexForward: false,
        ConsistentRead: true,
      },
      1,
    );
    if (last === undefined) return 0;
    const { offset, bytes } = toChunk(last);
    return offset + bytes.length;
  }

  async #chunksFrom(ref: RunRef, offset: number, consistent: boolean): Promise<Chunk[]> {
    const items = await queryItems(
      this.#table,
      {
        KeyConditionExpression: 'pk = :log AND sk >= :from',
        ExpressionAttributeValues: { ':log': logPartition(ref.runId), ':from': logSort(offset) },
        ConsistentRead: consistent,
      },
      PAGE_CHUNKS,
    );
    return items.map(toChunk);
  }

  async #chunkBefore(ref: RunRef, offset: number, consistent: boolean): Promise<Chunk | undefined> {
    const [item] = await queryItems(
      this.#table,
      {
        KeyConditionExpression: 'pk = :log AND sk < :to',
        ExpressionAttributeValues: { ':log': logPartition(ref.runId), ':to': logSort(offset) },
        ScanIndexForward: false,
        ConsistentRead: consistent,
      },
      1,
    );
    return item === undefined ? undefined : toChunk(item);
  }

  /**
   * The chunks' bytes from `offset` on, as far as they follow each other: a read that is not strongly
   * consistent may miss a chunk before one that it shows.
   */
  #join(ref: RunRef, offset: number, chunks: Chunk[]): Uint8Array {
    const parts: Uint8Array[] = [];
    let end = offset;
    for (const { offset: start, bytes } of chunks) {
      if (start !== end) break;
      parts.push(bytes);
      end += bytes.length;
    }
    this.#remember(ref, end);
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /**
   * A follower waits at the end of a log, where an empty answer alone cannot tell the end from the middle
   * of the last chunk. Remembering that a chunk ended there saves every poll its second query.
   */
  #remember({ runId }: RunRef, offset: number): void {
    const boundary = `${runId}:${offset}`;
    this.#boundaries.delete(boundary);
    this.#boundaries.add(boundary);
    if (this.#boundaries.size <= MOST_BOUNDARIES) return;
    for (const oldest of this.#boundaries) {
      this.#boundaries.delete(oldest);
      return;
    }
  }

  #isBoundary = ({ runId }: RunRef, offset: number): boolean =>
    offset === 0 || this.#boundaries.has(`${runId}:${offset}`);
}

/** A write unit is 1 KB: a second of NDJSON is several of them as it is, and one when deflated. */
function pack(bytes: Uint8Array): { bytes: Uint8Array; inflatesTo?: number } {
  const deflated = deflateRawSync(bytes);
  return deflated.length < bytes.length ? { bytes: deflated, inflatesTo: bytes.length } : { bytes };
}

function toChunk({ sk, bytes, inflatesTo }: Item): Chunk {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${sk} is not a chunk of a log`);
  return {
    offset: logOffset(sk),
    bytes: inflatesTo === undefined ? bytes : inflateRawSync(bytes, { maxOutputLength: Number(inflatesTo) }),
  };
}
