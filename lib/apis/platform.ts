import type { AgentPlatform } from '../agents/index.ts';
import type { ExecutionReader, MachineReader, RunExecutor, RunPlatform } from '../runs/ports.ts';
import type { Run } from '../runs/run.ts';
import type { AgentOwner, AgentRecord, AgentVersionRecord, ProviderRecord } from './agents/agent-record.ts';
import type { FileStore } from './files/ports.ts';
import type { Logger } from './log/ports.ts';
import type { FileRecord } from './process-runs/file-record.ts';
import type { ProcessRecord } from './process-runs/process-record.ts';
import type { IdempotencyStore, Records } from './records/ports.ts';
import type { ViewerFiles } from './reference/page.ts';
import type { StreamPlaces } from './streams/ports.ts';
import type { ThreadRecord } from './thread-runs/thread-record.ts';
import type { ConfigurationRecord } from './workspace-runs/configurations/configuration-record.ts';
import type { CorrectionsRecord } from './workspace-runs/corrections/corrections-record.ts';
import type {
  DocumentName,
  DocumentRecord,
  DocumentVersion,
  UploadRecord,
} from './workspace-runs/documents/document-record.ts';
import type { LearnedRecord } from './workspace-runs/learned/learned-record.ts';
import type { ListRecord } from './workspace-runs/lists/list-record.ts';
import type { KeyStore } from './workspaces/ports.ts';
import type { TokenVerifier } from './workspaces/tokens.ts';
import type { Member, Workspace } from './workspaces/workspaces.ts';

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
  /** Ids as `versionKey` makes them of the document's. */
  documentVersions: Records<DocumentVersion>;
  uploads: Records<UploadRecord>;
  configurations: Records<ConfigurationRecord>;
  /** Ids are the configurations'. */
  learned: Records<LearnedRecord>;
  /** Ids are the documents'. */
  corrections: Records<CorrectionsRecord>;
  /** Ids are their names. */
  lists: Records<ListRecord>;
  /** Ids are `<agentId>#<processId>`. */
  processes: Records<ProcessRecord>;
  /** What clients of process runs upload to name in `file_ids`. */
  processFiles: Records<FileRecord>;
  agents: Records<AgentRecord>;
  /** Ids as `versionKey` makes them of the agent's. */
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

/** The end of an execution that its caller waited for. */
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

/** And for what registers the state machines of others. */
export interface RegisteringPlatform extends Platform {
  executor: Platform['executor'] & MachineReader;
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
