import type { RunOrder } from '../../runs/ports.ts';

/** A record of a workspace. Every write is conditional on the version that was read. */
export interface Versioned {
  id: string;
  version: number;
}

export interface ListRecords {
  limit: number;
  /** Newest first unless it says otherwise. */
  order?: RunOrder | undefined;
  /** Ids between which the list keeps, both excluded. They need not be ids of records. */
  before?: string | undefined;
  after?: string | undefined;
  prefix?: string | undefined;
}

/** Records of one type, kept per workspace and listed by id (ids are UUIDv7, so by age). */
export interface Records<T extends Versioned> {
  get(workspaceId: string, id: string): Promise<T | undefined>;
  /** Those of the records that there are, each once, in the order of the ids. */
  getMany(workspaceId: string, ids: readonly string[]): Promise<T[]>;
  /** False when the id is taken. */
  insert(workspaceId: string, record: T): Promise<boolean>;
  /** Writes the record if `record.version - 1` is what stands there; false otherwise. */
  replace(workspaceId: string, record: T): Promise<boolean>;
  remove(workspaceId: string, id: string): Promise<void>;
  /** `prefix` keeps only ids that begin with it; `next` is the `before` of the next page, or its `after`. */
  list(workspaceId: string, query: ListRecords): Promise<{ records: T[]; next?: string | undefined }>;
}

/** What one `Idempotency-Key` was used for. */
export interface IdempotencyRecord {
  /** A hash of the key, so that any text a client chooses may be one. */
  id: string;
  /** A hash of what was asked for: the same key with another request is a mistake. */
  fingerprint: string;
  createdAt: string;
  /** The id that what is made gets: known before it is made, so that a repeated request finds it. */
  runId: string;
  /** Ids that were planned under the key before that one, the oldest first. */
  earlier?: string[] | undefined;
  /** The ids of what was answered with, when they are not just that one; none when it was made in part. */
  runIds?: string[] | undefined;
  /** Names whoever goes on with what an interrupted request began. */
  takenBy?: string | undefined;
}

export interface IdempotencyStore {
  /** The record that stands under the key; undefined when this call has just taken it. */
  reserve(workspaceId: string, record: IdempotencyRecord): Promise<IdempotencyRecord | undefined>;
  /** Writes what the request was answered with; nothing happens once somebody else has taken it over. */
  complete(workspaceId: string, record: IdempotencyRecord): Promise<void>;
  /** Writes `taken` in place of `standing`; false when somebody else was quicker, or has completed it meanwhile. */
  takeOver(workspaceId: string, standing: IdempotencyRecord, taken: IdempotencyRecord): Promise<boolean>;
  /**
   * Gives the key back after a refusal, which created nothing. Only its first holder can, and neither once it is
   * complete nor once somebody has taken it over.
   */
  release(workspaceId: string, record: IdempotencyRecord): Promise<void>;
}
