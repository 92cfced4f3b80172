import { type App, Tags } from 'aws-cdk-lib';
import type { Operation } from '../apis/operation.ts';
import type { TokenIssuer } from '../constructs/token-issuer.ts';
import { ExamplesStack } from './examples-stack.ts';
import { RunsStack } from './runs-stack.ts';
import { StorageStack } from './storage-stack.ts';

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
}

/** The stacks of one stage. Stages share nothing, and stand side by side in one account. */
export function addPlatformStage(
  app: App,
  props: PlatformStageProps,
): { storage: StorageStack; runs: RunsStack; examples: ExamplesStack } {
  const { stageName, corsOrigins } = props;
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
  });
  const examples = new ExamplesStack(app, `runplane-${stageName}-examples`, {
    description: 'Runplane: example processes, to be registered or not',
    files: storage.files,
    tracing: props.tracing,
  });
  for (const stack of [storage, runs, examples]) Tags.of(stack).add('runplane:stage', stageName);
  return { storage, runs, examples };
}
