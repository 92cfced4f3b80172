import { type App, Tags } from 'aws-cdk-lib';
import type { Operation } from '../apis/operation/operation.ts';
import type { TokenIssuer } from '../constructs/token-issuer.ts';
import { ExamplesStack } from './examples-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { RunsStack } from './runs-stack.ts';
import { StorageStack } from './storage-stack.ts';
import { UsersStack } from './users-stack.ts';

export interface PlatformStageProps {
  /** Part of the stacks' names, and the first segment of the API's paths. */
  readonly stageName: string;
  readonly operations: readonly Operation[];
  /** Origins of the web pages that call the API from a browser; none by default. */
  readonly corsOrigins: readonly string[];
  /** Traces by X-Ray, which costs by the request. */
  readonly tracing: boolean;
  /** Whose tokens are good for the APIs that take them; without it, they take keys only. */
  readonly tokens?: TokenIssuer | undefined;
  /** A user pool of the stage's own, whose tokens are good. It takes the place of `tokens`. */
  readonly cognito?: boolean | undefined;
  /** Who is written to when an alarm goes off. */
  readonly alarmEmail?: string | undefined;
  /** Requests that one address may make in five minutes; without it, only the API's own limit holds. */
  readonly wafRate?: number | undefined;
}

export interface PlatformStage {
  readonly storage: StorageStack;
  readonly runs: RunsStack;
  readonly examples: ExamplesStack;
  readonly monitoring: MonitoringStack;
  readonly users?: UsersStack;
}

/**
 * The stacks of one stage. Stages share nothing, and stand side by side in one account.
 * @throws Error when two identity providers are given.
 */
export function addPlatformStage(app: App, props: PlatformStageProps): PlatformStage {
  const { stageName, corsOrigins, alarmEmail } = props;
  const users = props.cognito === true ? addUsers(app, props) : undefined;
  const storage = new StorageStack(app, `runplane-${stageName}-storage`, {
    description: 'Runplane: the table and the files, which stay when this stack is destroyed',
    terminationProtection: true,
    corsOrigins,
  });
  const runs = new RunsStack(app, `runplane-${stageName}-runs`, {
    description: 'Runplane: the API, its functions and what moves runs',
    table: storage.table,
    files: storage.files,
    ...props,
    tokens: users?.tokens ?? props.tokens,
  });
  const examples = new ExamplesStack(app, `runplane-${stageName}-examples`, {
    description: 'Runplane: example processes, to be registered or not',
    files: storage.files,
    tracing: props.tracing,
  });
  const monitoring = new MonitoringStack(app, `runplane-${stageName}-monitoring`, {
    description: 'Runplane: the dashboard and the alarms',
    watched: { ...runs.watched, table: storage.table, files: storage.files },
    alarmEmail,
  });
  const stage = { storage, runs, examples, monitoring, ...(users === undefined ? {} : { users }) };
  for (const stack of Object.values(stage)) Tags.of(stack).add('runplane:stage', stageName);
  return stage;
}

function addUsers(app: App, { stageName, tokens }: PlatformStageProps): UsersStack {
  if (tokens !== undefined)
    throw new Error('cognito=true brings an identity provider of its own, so leave out tokenIssuer');
  return new UsersStack(app, `runplane-${stageName}-users`, {
    description: 'Runplane: who may sign in; the user pool stays when this stack is destroyed',
    terminationProtection: true,
  });
}
