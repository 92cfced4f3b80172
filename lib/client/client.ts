import { type AgentPart, streamAgent } from './agent-stream.ts';
import { ask, type OperationId } from './calls.ts';
import { type ClientOptions, type Connection, connect } from './connection.ts';
import { followRun } from './follow.ts';
import type { FollowedEvent, FollowOptions } from './follow-events.ts';
import { answerTo, methodsOf } from './methods.ts';
import type { Input, RequestOptions } from './shapes.ts';
import type {
  AgentAnswer,
  AgentRunOperations,
  Document,
  Operations,
  ProcessFile,
  ProcessRun,
  ProcessRunsOperations,
  ReferenceOperations,
  RunAgentBody,
  RunOutput,
  RunResource,
  ThreadRun,
  ThreadRunsOperations,
  WorkspaceRunsOperations,
} from './types.ts';
import {
  addDocumentVersion,
  type DocumentOptions,
  type FileContent,
  type NamedContent,
  type UploadOptions,
  uploadDocument,
  uploadProcessFile,
  uploadRunOutput,
} from './upload.ts';
import { type WaitOptions, waitUntilEnded } from './wait.ts';

/** Runs of documents in one workspace, and what belongs to it. */
export interface WorkspaceRuns
  extends Omit<WorkspaceRunsOperations, 'uploadDocument' | 'addDocumentVersion' | 'uploadRunOutput'> {
  /** Upload a document of any size, and run it if asked to */
  uploadDocument(content: FileContent | NamedContent, options?: DocumentOptions): Promise<Document>;
  /** Upload a new version of a document, of any size */
  addDocumentVersion(
    documentId: string,
    content: FileContent | NamedContent,
    options?: Omit<DocumentOptions, 'conflictMode'>,
  ): Promise<Document>;
  /** Upload an output by hand, of any size, as the next version */
  uploadRunOutput(
    runId: string,
    content: FileContent | NamedContent,
    options?: UploadOptions,
  ): Promise<RunOutput>;
  /** A run's events as they happen, each once, to its end; it reconnects by itself */
  followRun(runId: string, options?: FollowOptions): AsyncGenerator<FollowedEvent>;
  /** Wait for the end of a run, whichever it is */
  waitForRun(runId: string, options?: WaitOptions): Promise<RunResource>;
}

/** Runs of processes. */
export interface ProcessRuns extends ProcessRunsOperations {
  /** Upload a file, to name it by its id in `file_ids` */
  uploadFile(
    content: FileContent | NamedContent,
    options?: UploadOptions & { agentId?: string },
  ): Promise<ProcessFile>;
  /** Wait for the end of a run, whichever it is */
  waitForRun(runId: string, options?: WaitOptions): Promise<ProcessRun>;
}

/** Conversations in one project. */
export interface ThreadRuns extends ThreadRunsOperations {
  /** Wait for the end of a run, whichever it is; its answer is the thread's last message */
  waitForRun(threadId: string, runId: string, options?: WaitOptions): Promise<ThreadRun>;
}

/** Agents, and runs of them. */
export interface AgentRun extends Omit<AgentRunOperations, 'runAgent'> {
  /** Run the deployed version of an agent and wait for its whole answer */
  runAgent(body: Omit<RunAgentBody, 'stream'>, options?: RequestOptions): Promise<AgentAnswer>;
  /** Run the deployed version of an agent and get its answer part by part */
  streamAgent(body: Omit<RunAgentBody, 'stream'>, options?: RequestOptions): AsyncGenerator<AgentPart>;
}

export interface Client {
  workspaceRuns(workspaceId: string): WorkspaceRuns;
  threadRuns(projectId: string): ThreadRuns;
  readonly processRuns: ProcessRuns;
  readonly agentRun: AgentRun;
  /** The platform's description of itself. */
  readonly reference: ReferenceOperations;
  /** Any operation by its id, with its parts by their names; answers of bytes come as a `Response`. */
  request<Id extends OperationId>(
    id: Id,
    input: Input & Omit<Operations[Id], 'answer'>,
    options?: RequestOptions,
  ): Promise<Operations[Id]['answer']>;
}

/** @throws TypeError for options that cannot work. */
export function createClient(options: ClientOptions): Client {
  const connection = connect(options);
  return {
    workspaceRuns: (workspaceId) => workspaceRuns(connection, workspaceId),
    threadRuns: (projectId) => threadRuns(connection, projectId),
    processRuns: processRuns(connection),
    agentRun: agentRun(connection),
    reference: operationsOf<ReferenceOperations>(connection, 'reference'),
    request: async <Id extends OperationId>(id: Id, input: Input, options?: RequestOptions) => {
      const answer = answerTo(connection, id, input, options);
      return (isStreamed(answer) ? answer.response() : answer) as Promise<Operations[Id]['answer']>;
    },
  };
}

const isStreamed = (answer: unknown): answer is { response(): Promise<Response> } =>
  typeof answer === 'object' && answer !== null && 'response' in answer;

/** The table and these types are generated from the same document, so what the one has the other tells. */
const operationsOf = <Methods>(
  connection: Connection,
  api: string,
  bound?: Record<string, string>,
): Methods => methodsOf(connection, api, bound) as Methods;

function workspaceRuns(connection: Connection, workspaceId: string): WorkspaceRuns {
  const operations = operationsOf<WorkspaceRunsOperations>(connection, 'workspace-runs', { workspaceId });
  return {
    ...operations,
    uploadDocument: (content, options) => uploadDocument(connection, workspaceId, content, options),
    addDocumentVersion: (documentId, content, options) =>
      addDocumentVersion(connection, { workspaceId, documentId }, content, options),
    uploadRunOutput: (runId, content, options) =>
      uploadRunOutput(connection, { workspaceId, runId }, content, options),
    followRun: (runId, options) => followRun(connection, { workspaceId, runId }, options),
    waitForRun: (runId, options) =>
      waitUntilEnded(
        connection,
        { runId, open: ['queued', 'running'], look: (asked) => operations.getRun(runId, asked) },
        options,
      ),
  };
}

function processRuns(connection: Connection): ProcessRuns {
  const operations = operationsOf<ProcessRunsOperations>(connection, 'process-runs');
  return {
    ...operations,
    uploadFile: (content, options) => uploadProcessFile(connection, content, options),
    waitForRun: (runId, options) =>
      waitUntilEnded(
        connection,
        {
          runId,
          open: ['Created', 'Pending', 'Running'],
          look: (asked) => operations.getProcessRun(runId, asked),
        },
        options,
      ),
  };
}

function threadRuns(connection: Connection, projectId: string): ThreadRuns {
  const operations = operationsOf<ThreadRunsOperations>(connection, 'thread-runs', { projectId });
  return {
    ...operations,
    waitForRun: (threadId, runId, options) =>
      waitUntilEnded(
        connection,
        {
          runId,
          open: ['queued', 'in_progress'],
          look: (asked) => operations.getThreadRun(threadId, runId, asked),
        },
        options,
      ),
  };
}

function agentRun(connection: Connection): AgentRun {
  return {
    ...operationsOf<AgentRunOperations>(connection, 'agent-run'),
    runAgent: (body, options) => ask(connection, 'runAgent', { body: { ...body, stream: false } }, options),
    streamAgent: (body, options) => streamAgent(connection, body, options),
  };
}
