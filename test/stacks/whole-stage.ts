import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { operations } from '../../lib/apis/index.ts';
import { addPlatformStage, type PlatformStageProps } from '../../lib/stacks/platform-stage.ts';
import { asOneStack, stacksIn } from './nested.ts';
import { findingsOf, type Resource } from './synthesize.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

/** A resource and where it is: in which part of which stage, and there. */
export interface Placed extends Resource {
  stage: string;
  part: string;
  path: string;
}

/**
 * Every stack of some stages in one app, as `cdk synth` makes them, less the bundles and with what is in them. Held against
 * CloudFormation's own rules when it is asked for: that takes seconds.
 * @throws when the rules find an error.
 */
export function synthesizeAll(
  stageNames: readonly string[],
  props: Partial<PlatformStageProps> = {},
  { isValidated = false }: { isValidated?: boolean } = {},
) {
  const app = new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
    builtinCloudFormationValidation: isValidated,
  });
  const made = stageNames.map((stageName): [string, Record<string, Stack>] => [
    stageName,
    { ...addPlatformStage(app, { stageName, operations, corsOrigins: [], tracing: false, ...props }) },
  ]);
  const stages = made.map(([stageName, parts]) => ({
    stageName,
    templates: Object.entries(parts).map(([part, stack]) => ({ part, template: asOneStack(stack) })),
  }));
  const findings = findingsOf(app);
  const resources = stages.flatMap(({ stageName: stage, templates }) =>
    templates.flatMap(({ part, template }) =>
      Object.values(template.toJSON().Resources as Record<string, Resource>).map(
        (resource): Placed => ({
          ...resource,
          stage,
          part,
          path: resource.Metadata['aws:cdk:path'].split('/').slice(1).join('/'),
        }),
      ),
    ),
  );
  return { stages, resources, findings, stacks: stacksIn(app) };
}

export const ofType = (resources: readonly Placed[], type: string): Placed[] =>
  resources.filter(({ Type }) => Type === type);
