import type { AgentPlatform } from '../agents/index.ts';
import type { ExecutionReader, RunExecutor, RunOrder, RunPlatform } from '../runs/ports.ts';
import type { Run } from '../runs/run.ts';
import type { AgentOwner, AgentRecord, AgentVersionRecord, ProviderRecord } from './agents.ts';
import type { RetentionClass } from './file-retention.ts';
import type { FileRecord } from './process-runs/files.ts';
import type { ProcessRecord } from './process-runs/processes.ts';
import type { ViewerFiles } from './reference/page.ts';
import type { ThreadRecord } from './thread-runs/thread-record.ts';
import type { TokenVerifier } from './tokens.ts';
import type { ConfigurationRecord } from './workspace-runs/configurations.ts';
import type {
  DocumentName,
  DocumentRecord,
  DocumentVersion,
  UploadRecord,
} from './workspace-runs/documents.ts';
import type { ApiKey, Member, Workspace } from './workspaces.ts';

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

/** API keys are found by their prefix alone, before the workspace is known. */
export interface KeyStore {
  get(prefix: string): Promise<ApiKey | undefined>;
  insert(key: ApiKey): Promise<boolean>;
  replace(key: ApiKey): Promise<boolean>;
  /** Keys that have a role in the workspace. */
  list(workspaceId: string): Promise<ApiKey[]>;
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
  /** The ids of what was answered with, when they are not just that one; none when it was made in part. */
  runIds?: string[] | undefined;
  /** Names whoever goes on with what an interrupted request began. */
  takenBy?: string | undefined;
}

export interface IdempotencyStore {
  /** The record that stands under the key; undefined when this call has just taken it. */
  reserve(workspaceId: string, record: IdempotencyRecord): Promise<IdempotencyRecord | undefined>;
  /** Writes what the request was answered with. */
  complete(workspaceId: string, record: IdempotencyRecord): Promise<void>;
  /** Writes `taken` in place of `standing`; false when somebody else was quicker, or has completed it meanwhile. */
  takeOver(workspaceId: string, standing: IdempotencyRecord, taken: IdempotencyRecord): Promise<boolean>;
  /**
   * Gives the key back after a refusal, which created nothing. Only its first holder can, and neither once it is
   * complete nor once somebody has taken it over.
   */
  release(workspaceId: string, record: IdempotencyRecord): Promise<void>;
}

/** A place among the streams that may be open at once. */
export interface StreamPlace {
  /** From 0. */
  no: number;
  holder: string;
}

/** Places for streams, each of which holds a function while it is open. There are `LEAST_PLACES` at least. */
export interface StreamPlaces {
  /**
   * A place that is free at `now`, held until it is given back or, by one who died, until `until`; undefined
   * when there is none. `holder` is a name that nothing else has.
   */
  take(stay: { holder: string; now: Date; until: Date }): Promise<StreamPlace | undefined>;
  /** Nothing happens when the place is somebody else's by now, or nobody's. */
  giveBack(place: StreamPlace): Promise<void>;
  /** How many there are; undefined before anybody has said so. */
  count(): Promise<number | undefined>;
  /** When they become fewer, streams in the places that go stay open until they end. */
  setCount(count: number): Promise<void>;
}

export interface StoredFile {
  /** Of the whole file, in bytes, whatever range was asked for. */
  size: number;
  contentType: string;
  /** To be read once, from `start` of the file if a range was asked for; empty when that is past the end. */
  body: AsyncIterable<Uint8Array>;
}

/** A form that a client posts straight to the file store; every field goes in, `file` last. Answered 204. */
export interface SignedUpload {
  url: string;
  fields: Record<string, string>;
  expiresAt: string;
}

export interface PutOptions {
  contentType: string;
  /** After how many days the file is deleted; without it, it is kept. */
  retentionDays?: RetentionClass | undefined;
}

/** Where file contents live. Keys are paths that begin with the workspace id, or with `temporary/`. */
export interface FileStore {
  /** Where workflows of others find the files: the bucket, or `local`. */
  readonly bucket: string;
  put(key: string, body: Uint8Array, options: PutOptions): Promise<void>;
  get(key: string, range?: { start: number; end?: number }): Promise<StoredFile | undefined>;
  /** Size in bytes and type; undefined when there is no such file. */
  head(key: string): Promise<Omit<StoredFile, 'body'> | undefined>;
  copy(from: string, to: string): Promise<void>;
  remove(key: string): Promise<void>;
  signUpload(
    key: string,
    options: { contentType: string; maxBytes: number; expiresInSeconds: number },
  ): Promise<SignedUpload>;
  signDownload(
    key: string,
    options: { filename: string; contentType: string; expiresInSeconds: number },
  ): Promise<string>;
}

/** Structured log lines; never a secret and never the content of a document. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Everything that handlers and steps need from outside. AWS and local are two values of this type. */
export interface Platform extends RunPlatform {
  executor: RunExecutor & ExecutionReader;
  workspaces: Records<Workspace>;
  keys: KeyStore;
  tokens: TokenVerifier;
  /** Ids follow from the subject: see `memberId`. */
  members: Records<Member>;
  documents: Records<DocumentRecord>;
  /** Who has which document name; ids are hashes of the folded name. */
  documentNames: Records<DocumentName>;
  /** Ids are `<documentId>#<12-digit number>`. */
  documentVersions: Records<DocumentVersion>;
  uploads: Records<UploadRecord>;
  configurations: Records<ConfigurationRecord>;
  /** Ids are `<agentId>#<processId>`. */
  processes: Records<ProcessRecord>;
  /** What clients of process runs upload to name in `file_ids`. */
  processFiles: Records<FileRecord>;
  agents: Records<AgentRecord>;
  /** Ids are `<agentId>#<12-digit number>`. */
  agentVersions: Records<AgentVersionRecord>;
  /** In the partition `EVERY_WORKSPACE`. */
  agentOwners: Records<AgentOwner>;
  providers: Records<ProviderRecord>;
  threads: Records<ThreadRecord>;
  idempotency: IdempotencyStore;
  streams: StreamPlaces;
  files: FileStore;
  logger: Logger;
  /** Origins of the pages that may call from a browser; `*` is every one. */
  corsOrigins: readonly string[];
  limits: {
    /** Largest body, in bytes, that reaches a handler whole; larger documents take the presigned way. */
    requestBytes: number;
  };
}

/** What models are called with, for one workspace: the secrets behind its providers are its own. */
export type Models = (workspaceId: string) => AgentPlatform;

/** How an execution ended that its caller waited for. */
export type Ended = { status: 'succeeded'; output: unknown } | { status: 'failed' | 'timed_out' | 'aborted' };

/** Runs the machine of a run while somebody waits for what comes of it: an Express one on AWS. */
export interface WaitedMachines {
  /**
   * `input` is at most 256 KB and stays out of every log. An aborted signal ends the waiting; the execution
   * itself may go on.
   */
  run(run: Run, input: Record<string, unknown>, signal: AbortSignal): Promise<Ended>;
}

/** And for what answers, which few functions do: models, and machines whose end is waited for. */
export interface AnsweringPlatform extends Platform {
  models: Models;
  waited: WaitedMachines;
}

/** And for what shows the documentation. */
export interface ReferencePlatform extends Platform {
  viewer: ViewerFiles;
}

/** Where functions run: how many of them is a limit of the account, which they share. */
export interface FunctionAccount {
  /** Executions of functions at the same time, less what is reserved for functions of others. */
  concurrency(): Promise<number>;
}

/** And for who looks after the platform itself. */
export interface CaretakingPlatform extends Platform {
  account: FunctionAccount;
}

/** What the work inside a run needs: it starts nothing itself. */
export type WorkerPlatform = Omit<
  Platform,
  'executor' | 'keys' | 'tokens' | 'idempotency' | 'corsOrigins' | 'limits'
>;
