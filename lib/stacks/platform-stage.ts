import { type App, Tags } from 'aws-cdk-lib';
import type { Operation } from '../apis/operation.ts';
import type { TokenIssuer } from '../constructs/token-issuer.ts';
import { ExamplesStack } from './examples-stack.ts';
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
}

/**
 * The stacks of one stage. Stages share nothing, and stand side by side in one account.
 * @throws Error when two identity providers are given.
 */
export function addPlatformStage(
  app: App,
  props: PlatformStageProps,
): { storage: StorageStack; runs: RunsStack; examples: ExamplesStack } {
  const { stageName, corsOrigins } = props;
  const users = props.cognito === true ? addUsers(app, props) : undefined;
  const storage = new StorageStack(app, `runplane-${stageName}-storage`, {
    description: 'Runplane: the table and the files',
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
  for (const stack of [storage, runs, examples, ...(users === undefined ? [] : [users])])
    Tags.of(stack).add('runplane:stage', stageName);
  return { storage, runs, examples };
}

function addUsers(app: App, { stageName, tokens }: PlatformStageProps): UsersStack {
  if (tokens !== undefined)
    throw new Error('cognito=true brings an identity provider of its own, so leave out tokenIssuer');
  return new UsersStack(app, `runplane-${stageName}-users`, {
    description: 'Runplane: who may sign in',
    terminationProtection: true,
  });
}
