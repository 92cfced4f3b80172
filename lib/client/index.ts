export type { AgentPart } from './agent-stream.ts';
export type { OperationId } from './calls.ts';
export {
  type AgentRun,
  type Client,
  createClient,
  type ProcessRuns,
  type ThreadRuns,
  type WorkspaceRuns,
} from './client.ts';
export type { Clock } from './clock.ts';
export type { ClientOptions, Secret } from './connection.ts';
export { type Issue, RunplaneError } from './errors.ts';
export type { FollowedEvent, FollowOptions, LogLine } from './follow-events.ts';
export type { Paged, RequestOptions, StreamedAnswer } from './shapes.ts';
export type * from './types.ts';
export type { DocumentOptions, FileContent, NamedContent, UploadOptions } from './upload.ts';
export type { WaitOptions } from './wait.ts';
