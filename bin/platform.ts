#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../lib/apis/index.ts';
import { addPlatformStage } from '../lib/stacks/platform-stage.ts';
import { platformOptions, WrongOption } from './platform-options.ts';

/**
 * The platform on AWS, one or more stages of it:
 *
 *     cdk deploy --all -c stage=dev
 *     cdk deploy --all -c stage=prod -c corsOrigins=https://app.example.com -c alarmEmail=ops@example.com
 *     cdk deploy --all -c tokenIssuer=https://tenant.eu.auth0.com/ -c tokenAudience=https://api.example.com
 *     cdk deploy --all -c cognito=true -c tracing=true -c wafRate=2000
 *     cdk synth -c stage=dev,prod
 */
const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

try {
  const { stages, each } = platformOptions(app.node.getAllContext());
  for (const stageName of stages) addPlatformStage(app, { stageName, operations, ...each });
} catch (error) {
  if (!(error instanceof WrongOption)) throw error;
  // The CDK shows what is written here; a stack of ours would tell nobody what to type.
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
