import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../../lib/apis/index.ts';
import { addPlatformStage, type PlatformStageProps } from '../../lib/stacks/platform-stage.ts';
import { IS_LONG } from '../support/lane.ts';
import { asOneStack } from './nested.ts';

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata: { 'aws:cdk:path': string };
}

/** One stage as `cdk synth` makes it, less the bundles; the stacks within a stack as part of it. */
export function synthesizeAnew(props: Partial<PlatformStageProps> = {}) {
  const app = new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
    // CloudFormation's own rules take seconds: for a change, whole stages with every option meet them.
    builtinCloudFormationValidation: IS_LONG,
  });
  const stage = addPlatformStage(app, {
    stageName: 'test',
    operations,
    corsOrigins: [],
    tracing: false,
    ...props,
  });
  const storage = Template.fromStack(stage.storage);
  const runs = asOneStack(stage.runs);
  const examples = Template.fromStack(stage.examples);
  const monitoring = Template.fromStack(stage.monitoring);
  let found: string[] | undefined;
  return {
    ...{ storage, runs, examples, monitoring },
    /** What cdk-nag objects to, asked only by those who read it. */
    get findings(): string[] {
      found ??= findingsOf(app);
      return found;
    },
  };
}

const made = new Map<string, ReturnType<typeof synthesizeAnew>>();

/** The same, made once in a process for all who ask for the same: that takes seconds, and they only read it. */
export function synthesize(props: Partial<PlatformStageProps> = {}) {
  // Operations hold functions; by their names they are the same.
  const key = JSON.stringify({
    ...props,
    operations: props.operations?.map(({ operationId }) => operationId),
  });
  const known = made.get(key) ?? synthesizeAnew(props);
  made.set(key, known);
  return known;
}

/** What cdk-nag objects to, and where. */
export function findingsOf(app: App): string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
}

/** Resources of a type by where they stand in the stack, such as `GetRun/Resource`. */
export function resourcesOf(template: Template, type: string): Map<string, Resource> {
  return new Map(
    Object.values(template.findResources(type) as Record<string, Resource>).map((resource) => [
      resource.Metadata['aws:cdk:path'].split('/').slice(1, -1).join('/'),
      resource,
    ]),
  );
}

/** Logical ids by where the resources stand. */
export function logicalIds(template: Template, type: string): Map<string, string> {
  return new Map(
    Object.entries(template.findResources(type) as Record<string, Resource>).map(([id, { Metadata }]) => [
      Metadata['aws:cdk:path'].split('/').slice(1, -1).join('/'),
      id,
    ]),
  );
}

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** What each construct's role may do: statements by the construct's name. */
export function statementsOf(template: Template): Map<string, Statement[]> {
  return new Map(
    [...resourcesOf(template, 'AWS::IAM::Policy')].map(([path, { Properties }]) => [
      path.split('/')[0] ?? path,
      (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    ]),
  );
}

export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

export const actionsOf = (statements: readonly Statement[] = []): string[] =>
  statements.flatMap(({ Action }) => listOf(Action)).sort();

/** CloudFormation's functions flattened to text, to be searched for what an ARN ends with. */
export const textOf = (resource: unknown): string => JSON.stringify(resource);

export const pascal = (operationId: string): string =>
  operationId.charAt(0).toUpperCase() + operationId.slice(1);
