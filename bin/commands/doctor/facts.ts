import type { Quota, Stack } from '../../../lib/adapters/aws/account.ts';
import type { StackPart } from '../deployment.ts';

/** What was seen, or in a sentence why it was not. */
export type Seen<Value> = { value: Value } | { fault: string };

/** Everything that is looked at before anything is said about it. Parts that are not about this platform are absent. */
export interface Facts {
  node: { version: string; needs: string };
  platform?: Seen<PlatformFacts> | undefined;
  machine?: MachineFacts | undefined;
  deployment?: Seen<DeploymentFacts> | undefined;
}

export interface PlatformFacts {
  url: string;
  health: Seen<unknown>;
  /** The types of the model providers that are set, which every key may see; absent without a key. */
  providers?: Seen<string[]> | undefined;
  /** The name of the workspace that is meant; absent when none is. */
  workspace?: Seen<string> | undefined;
}

/** The machine that the local platform is on. */
export interface MachineFacts {
  folder: string;
  folderBytes: number;
  freeBytes: number;
  hasJava: boolean;
  hasPython: boolean;
}

export interface DeploymentFacts {
  stage: string;
  region: string;
  /** Those that there are. */
  stacks: Partial<Record<StackPart, Stack>>;
  concurrency: Seen<{ limit: number; unreserved: number }>;
  quotas: { quota: NeededQuota; seen: Seen<number> }[];
  /** How many runs nobody has looked at for longer than the sweeper leaves any; absent without a table. */
  overdueRuns?: Seen<number> | undefined;
}

export interface NeededQuota extends Quota {
  /** What there is so much of. */
  of: string;
  /** With less than this the account, not the platform, says how much is possible. */
  needs: number;
}

/** What the API's stage lets through, as lib/stacks/runs-stack.ts sets it: per second, and at once. */
export const STAGE_RATE = 200;
export const STAGE_BURST = 400;

/** A run of a document is the dearest to write. */
const WRITES_PER_RUN = 10;

/** Concurrent executions of Lambda, which are read from Lambda itself; the code is for asking for more. */
export const CONCURRENT_EXECUTIONS: Quota = { service: 'lambda', code: 'L-B99A9384' };

export const QUOTAS: readonly NeededQuota[] = [
  {
    service: 'apigateway',
    code: 'L-8A5B8E43',
    of: 'requests a second for all APIs of the account',
    needs: STAGE_RATE,
  },
  {
    service: 'apigateway',
    code: 'L-CDF5615A',
    of: 'requests at once for all APIs of the account',
    needs: STAGE_BURST,
  },
  {
    service: 'dynamodb',
    code: 'L-AB614373',
    of: 'write units a second in one table',
    needs: STAGE_RATE * WRITES_PER_RUN,
  },
];

/** The sweeper comes every minute; a run that it has not come to for so long, in milliseconds, is left alone. */
export const OVERDUE_MS = 10 * 60_000;
/** More overdue runs than this are not counted. */
export const COUNTED_RUNS = 100;
