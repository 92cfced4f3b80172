import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LambdaFunction } from './lambda-process.ts';

export interface DeployedFunction extends LambdaFunction {
  /** Whether it answers requests: such functions stand in stacks within the stack, and the fallback beside them. */
  answersRequests: boolean;
}

interface Resource {
  Type: string;
  Properties: {
    Code: { S3Key: string };
    Handler: string;
    Timeout?: number;
    Environment?: { Variables?: Record<string, unknown> };
  };
  Metadata?: { 'aws:cdk:path'?: string };
}

/** What only a deployment knows, be it a name or an ARN, is a text that may be either. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : 'arn:aws:none:eu-west-1:123456789012:known-when-deployed';

/** Every function of an assembly that has its code there, nested stacks included. @throws Error for one whose code is missing. */
export function deployedFunctions(cdkOut: string): DeployedFunction[] {
  const templates = readdirSync(cdkOut).filter((file) => file.endsWith('.template.json'));
  return templates.flatMap((file) => {
    const { Resources } = JSON.parse(readFileSync(join(cdkOut, file), 'utf8')) as {
      Resources: Record<string, Resource>;
    };
    return Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id, { Properties, Metadata }]) => {
        const name = Metadata?.['aws:cdk:path']?.split('/').at(-3) ?? id;
        const folder = join(cdkOut, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
        if (!existsSync(folder))
          throw new Error(`The code of ${name} is not in ${folder}: synthesize it anew`);
        const { Handler: handler, Timeout: timeout = 3, Environment } = Properties;
        const variables = Object.entries(Environment?.Variables ?? {});
        const environment = Object.fromEntries(variables.map(([key, value]) => [key, textOf(value)]));
        const answersRequests = file.endsWith('.nested.template.json') || name === 'Fallback';
        return { name, answersRequests, folder, handler, timeoutMs: timeout * 1000, environment };
      });
  });
}
