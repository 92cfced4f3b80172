import * as z from 'zod';
import type { IdempotencyRecord, IdempotencyStore } from '../../../apis/records/ports.ts';
import { Instant } from '../../../runs/run.ts';
import { type Condition, freeAt, type Item, putItem, removeItem, type Table } from './items.ts';
import { idempotencyKey } from './keys.ts';

/** How long a key answers with what it was first used for. */
const KEPT_SECONDS = 24 * 3600;

const Stored = z.object({
  id: z.string(),
  fingerprint: z.string(),
  createdAt: Instant,
  runId: z.string(),
  earlier: z.array(z.string()).optional(),
  runIds: z.array(z.string()).optional(),
  takenBy: z.string().optional(),
}) satisfies z.ZodType<IdempotencyRecord>;

/**
 * What idempotency keys were used for. Two requests may be equal in every word, but each plans a run id of
 * its own: a reservation that meets its own run id is a repetition of itself.
 */
export class DynamoIdempotencyStore implements IdempotencyStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async reserve(workspaceId: string, record: IdempotencyRecord): Promise<IdempotencyRecord | undefined> {
    const result = await putItem(
      this.#table,
      toItem(workspaceId, record),
      freeAt(new Date(record.createdAt)),
    );
    if (result.done) return undefined;
    // Released between the write and the read of what refused it: as good as never there.
    return result.stored === undefined ? this.reserve(workspaceId, record) : fromItem(result.stored);
  }

  async complete(workspaceId: string, record: IdempotencyRecord): Promise<void> {
    const holder = standsAs(toItem(workspaceId, record), ['createdAt', 'runId', 'takenBy']);
    await putItem(this.#table, toItem(workspaceId, record), holder);
  }

  async takeOver(
    workspaceId: string,
    standing: IdempotencyRecord,
    taken: IdempotencyRecord,
  ): Promise<boolean> {
    const before = standsAs(toItem(workspaceId, standing), ['createdAt', 'runId', 'runIds', 'takenBy']);
    const result = await putItem(this.#table, toItem(workspaceId, taken), before);
    // A write whose answer was lost is tried again, and meets itself.
    return result.done || result.stored?.takenBy === taken.takenBy;
  }

  /** A key that was completed is kept: a late release must not take its answer away. */
  async release(workspaceId: string, { id, runId }: IdempotencyRecord): Promise<void> {
    await removeItem(this.#table, idempotencyKey(workspaceId, id), {
      expression: 'runId = :runId AND attribute_not_exists(runIds) AND attribute_not_exists(takenBy)',
      values: { ':runId': runId },
    });
  }
}

/** That these members are still what they were. */
function standsAs(item: Item, members: readonly string[]): Condition {
  const known = members.flatMap((name) => (item[name] === undefined ? [] : [[`:${name}`, item[name]]]));
  return {
    expression: members
      .map((name) => (item[name] === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`))
      .join(' AND '),
    values: Object.fromEntries(known),
  };
}

const epochSeconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

function toItem(workspaceId: string, record: IdempotencyRecord): Item {
  const { id, earlier, runIds, takenBy, ...flat } = record;
  return {
    ...idempotencyKey(workspaceId, id),
    id,
    ...flat,
    ttl: epochSeconds(record.createdAt) + KEPT_SECONDS,
    ...(earlier === undefined ? {} : { earlier: JSON.stringify(earlier) }),
    ...(runIds === undefined ? {} : { runIds: JSON.stringify(runIds) }),
    ...(takenBy === undefined ? {} : { takenBy }),
  };
}

const fromItem = ({ earlier, runIds, ...flat }: Item): IdempotencyRecord =>
  Stored.parse({
    ...flat,
    ...(earlier === undefined ? {} : { earlier: JSON.parse(String(earlier)) }),
    ...(runIds === undefined ? {} : { runIds: JSON.parse(String(runIds)) }),
  });
