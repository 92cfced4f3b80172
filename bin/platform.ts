#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { operations } from '../lib/apis/index.ts';
import { addPlatformStage } from '../lib/stacks/platform-stage.ts';

/**
 * The platform on AWS, one or more stages of it:
 *
 *     cdk deploy --all -c stage=dev
 *     cdk deploy --all -c stage=prod -c corsOrigins=https://app.example.com -c tracing=true
 *     cdk deploy --all -c tokenIssuer=https://tenant.eu.auth0.com/ -c tokenAudience=https://api.example.com
 *     cdk deploy --all -c cognito=true
 *     cdk synth -c stage=dev,prod
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
const context = (name: string): string | undefined => listOf(name)[0];
const issuer = context('tokenIssuer');
const tokens =
  issuer === undefined
    ? undefined
    : {
        issuer,
        audience: context('tokenAudience') ?? '',
        jwksUri: context('tokenJwksUri'),
        organizationClaim: context('tokenOrganizationClaim'),
      };
const tracing = String(app.node.tryGetContext('tracing')) === 'true';
const cognito = String(app.node.tryGetContext('cognito')) === 'true';

for (const stageName of stages.length === 0 ? ['dev'] : stages) {
  addPlatformStage(app, { stageName, operations, corsOrigins, tracing, tokens, cognito });
}
