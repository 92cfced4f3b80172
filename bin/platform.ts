#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../lib/apis/index.ts';
import { addPlatformStage } from '../lib/stacks/platform-stage.ts';
import { platformOptions, WrongOption } from './platform-options.ts';
import { OVER_LIMITS_REMEDY, overLimits } from './template-limits.ts';

/**
 * The platform on AWS, one or more stages of it:
 *
 *     cdk deploy --all -c stage=dev
 *     cdk deploy --all -c stage=prod -c corsOrigins=https://app.example.com -c alarmEmail=ops@example.com
 *     cdk deploy --all -c tokenIssuer=https://tenant.eu.auth0.com/ -c tokenAudience=https://api.example.com
 *     cdk deploy --all -c cognito=true -c tracing=true -c wafRate=2000
 *     cdk synth -c stage=dev,prod
 */
// Resources are counted below, with what to do about too many; the CDK would throw while it synthesizes.
const app = new App({ postCliContext: { '@aws-cdk/core:stackResourceLimit': 0 } });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

try {
  const { stages, each } = platformOptions(app.node.getAllContext());
  for (const stageName of stages) addPlatformStage(app, { stageName, operations, ...each });
} catch (error) {
  if (!(error instanceof WrongOption)) throw error;
  refuse([error.message]);
}
const over = overLimits(app.synth().directory);
if (over.length > 0) refuse([...over, OVER_LIMITS_REMEDY]);

/** The CDK shows what is written here; a stack of ours would tell nobody what to type. */
function refuse(sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join('\n')}\n`);
  process.exit(1);
}
