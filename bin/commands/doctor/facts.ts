import type { Stack } from '../../../lib/adapters/aws/account.ts';
import type { StackPart } from '../deployment.ts';
import type { AccountFacts } from './account-facts.ts';
import type { Seen } from './seen.ts';

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
  /** Those that there are. */
  stacks: Partial<Record<StackPart, Stack>>;
  account: AccountFacts;
  /** How many runs nobody has looked at for longer than the sweeper leaves any; absent without a table. */
  overdueRuns?: Seen<number> | undefined;
}

/** The sweeper comes every minute; a run that it has not come to for so long, in milliseconds, is left alone. */
export const OVERDUE_MS = 10 * 60_000;
/** More overdue runs than this are not counted. */
export const COUNTED_RUNS = 100;
