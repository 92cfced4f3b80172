#!/usr/bin/env node
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../lib/apis/index.ts';
import { RunsStack } from '../lib/stacks/runs-stack.ts';
import { StorageStack } from '../lib/stacks/storage-stack.ts';

/**
 * The platform on AWS. Stages stand side by side in one account:
 *
 *     cdk deploy --all -c stage=dev
 *     cdk synth -c stage=dev,prod -c corsOrigins=https://app.example.com -c tracing=true
 */
const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

const listOf = (name: string): string[] =>
  String(app.node.tryGetContext(name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const stages = listOf('stage');
const corsOrigins = listOf('corsOrigins');
const tracing = String(app.node.tryGetContext('tracing')) === 'true';

for (const stageName of stages.length === 0 ? ['dev'] : stages) {
  const storage = new StorageStack(app, `runplane-${stageName}-storage`, {
    description: 'Runplane: the table and the files',
    terminationProtection: true,
    corsOrigins,
  });
  const runs = new RunsStack(app, `runplane-${stageName}-runs`, {
    description: 'Runplane: the API, its functions and what moves runs',
    stageName,
    operations,
    table: storage.table,
    files: storage.files,
    corsOrigins,
    tracing,
  });
  for (const stack of [storage, runs]) {
    Tags.of(stack).add('runplane:stage', stageName);
  }
}
