import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../../lib/apis/index.ts';
import { addPlatformStage, type PlatformStageProps } from '../../lib/stacks/platform-stage.ts';
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
export function synthesize(props: Partial<PlatformStageProps> = {}) {
  const app = new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
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
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  const findings = violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
  return { storage, runs, examples, monitoring, findings };
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
