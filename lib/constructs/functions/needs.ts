import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexName } from '../../adapters/aws/dynamo/table.ts';
import {
  entryOf,
  type FileRight,
  type Operation,
  type ShippedFiles,
  type Uses,
} from '../../apis/operation/operation.ts';
import { ROOT } from './bundle.ts';

/** What a platform is made of beside the table, each with names to be given and rights to be granted. */
export interface Parts {
  readonly files: boolean;
  readonly executor: boolean;
  readonly models: boolean;
  /** The machine of agent runs, whose end is waited for. */
  readonly waited: boolean;
  /** What functions share: the limits of the account. */
  readonly account: boolean;
}

const CORE: Parts = { files: false, executor: false, models: false, waited: false, account: false };

/** The platforms of `lib/adapters/aws/platform.ts`, `process-platform.ts` and `caretaking-platform.ts`. */
const PLATFORMS = {
  corePlatform: CORE,
  referencePlatform: CORE,
  filesPlatform: { ...CORE, files: true },
  executorPlatform: { ...CORE, executor: true },
  modelPlatform: { ...CORE, files: true, models: true },
  answeringPlatform: { ...CORE, files: true, models: true, waited: true },
  fullPlatform: { ...CORE, files: true, executor: true },
  registeringPlatform: { ...CORE, executor: true },
  processPlatform: { ...CORE, files: true, executor: true },
  caretakingPlatform: { ...CORE, files: true, executor: true, account: true },
} as const;

export type ExecutionRight = 'start' | 'stop' | 'describe';
/** Whose executions: of the machines of this stack, or of every process in the account. */
export type ExecutionOwner = 'ours' | 'processes';

export interface Rights {
  readonly table: 'none' | 'read' | 'write';
  readonly indexes: readonly IndexName[];
  /** Whether it holds a place among the open event streams, which is written to their part of the table. */
  readonly holdsPlace: boolean;
  readonly files: readonly FileRight[];
  readonly executions: readonly ExecutionRight[];
  readonly executionsOf: readonly ExecutionOwner[];
  /** Whether it looks at the machines of processes before anything is started on them. */
  readonly looksAtMachines: boolean;
}

/** A function as the stack makes it: its file, the platform it binds, and what it may do. */
export interface Needs extends Rights {
  readonly entry: string;
  readonly binds: keyof typeof PLATFORMS;
  /** Whether it is to know whose tokens are good. */
  readonly acceptsTokens: boolean;
  /** What it reads beside its code. */
  readonly ships: ShippedFiles | undefined;
}

/** What is neither an operation's answer nor a step: see `lambdas/fallback.ts`. */
export const FALLBACK = 'lambdas/fallback.ts';
export const STEPS = {
  processDocument: 'lambdas/steps/process-document.ts',
  answerThread: 'lambdas/steps/answer-thread.ts',
  runAgent: 'lambdas/steps/run-agent.ts',
  settle: 'lambdas/steps/settle.ts',
  sweep: 'lambdas/steps/sweep.ts',
} as const;

const NOTHING: Rights = {
  table: 'none',
  indexes: [],
  holdsPlace: false,
  files: [],
  executions: [],
  executionsOf: [],
  looksAtMachines: false,
};

/** Functions that are no operation. */
const OTHERS: Record<string, Partial<Rights>> = {
  [FALLBACK]: {},
  [STEPS.processDocument]: { table: 'write', files: ['read', 'write', 'remove'] },
  [STEPS.answerThread]: { table: 'write', indexes: ['byParent'], files: ['read', 'write', 'remove'] },
  [STEPS.runAgent]: { table: 'write', files: ['write', 'remove'] },
  [STEPS.settle]: {
    table: 'write',
    files: ['write'],
    executions: ['describe'],
    executionsOf: ['processes'],
  },
  [STEPS.sweep]: {
    table: 'write',
    indexes: ['open'],
    files: ['write'],
    executions: ['start', 'stop', 'describe'],
    executionsOf: ['ours', 'processes'],
  },
};

/** What of the table answers a question about runs. Open ones stand in another index than those that ended. */
const INDEXES: Record<NonNullable<Uses['runsBy']>, readonly IndexName[]> = {
  parent: ['byParent'],
  status: ['open', 'byOutcome'],
};

/**
 * GET reads, every other method writes; a caller is looked up in the table unless anybody may call. What an
 * operation `uses` otherwise, it says itself: `test/constructs/functions/bundles.test.ts` compares all of
 * this with what the functions' code calls.
 */
export function needsOfOperation(op: Operation): Needs {
  const { method, permission, starts, stops, uses = {}, acceptsTokens = false, ships } = op;
  const entry = entryOf(op);
  const binds = boundBy(entry);
  const kind = starts ?? stops;
  const isRead = method === 'GET';
  const files: readonly FileRight[] = isRead ? ['read'] : ['read', 'write', 'remove'];
  return {
    ...{ entry, binds, acceptsTokens, ships },
    table: permission === null ? 'none' : (uses.table ?? (isRead ? 'read' : 'write')),
    indexes: uses.runsBy === undefined ? [] : INDEXES[uses.runsBy],
    holdsPlace: uses.holdsPlace ?? false,
    files: uses.files ?? (PLATFORMS[binds].files ? files : []),
    executions: starts !== undefined ? ['start'] : stops !== undefined ? ['stop', 'describe'] : [],
    executionsOf: kind === undefined ? [] : [kind === 'process' ? 'processes' : 'ours'],
    looksAtMachines: uses.looksAtMachines ?? false,
  };
}

export function needsOf(entry: string): Needs {
  const binds = boundBy(entry);
  return { ...NOTHING, ...OTHERS[entry], entry, binds, acceptsTokens: false, ships: undefined };
}

/** Every function of the platform. */
export const allNeeds = (operations: readonly Operation[]): Needs[] => [
  ...operations.map(needsOfOperation),
  ...[FALLBACK, ...Object.values(STEPS)].map(needsOf),
];

/** Which names a function must be given to make its platform. */
export const platformParts = ({ binds }: Needs): Parts => PLATFORMS[binds];

/** An entry says itself which platform it binds; it is read, not imported, for it is code of another time. */
function boundBy(entry: string): keyof typeof PLATFORMS {
  const source = readFileSync(join(ROOT, entry), 'utf8');
  const [bound, ...others] = Object.keys(PLATFORMS).filter((name) => source.includes(name));
  if (bound === undefined || others.length > 0) {
    throw new Error(`${entry} must bind one of ${Object.keys(PLATFORMS).join(', ')}`);
  }
  return bound as keyof typeof PLATFORMS;
}
