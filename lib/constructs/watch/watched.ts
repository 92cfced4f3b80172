import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { OperationsApi } from '../api/operations-api.ts';
import type { PlatformFunction } from '../functions/platform-function.ts';
import type { RunMachine } from '../machines/run-machine.ts';
import type { FileBucket } from '../storage/file-bucket.ts';
import type { RunTable } from '../storage/run-table.ts';

/** What of a stage is looked at. */
export interface Watched {
  readonly stageName: string;
  readonly api: OperationsApi;
  readonly table: RunTable;
  readonly files: FileBucket;
  /** By the kind of the runs that they move. */
  readonly machines: Readonly<Record<string, RunMachine>>;
  readonly sweep: PlatformFunction;
  /** Ends of executions that could not be recorded. */
  readonly lostEvents: Queue;
}
