import { readdir, readFile } from 'node:fs/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openAccount } from '../../lib/adapters/aws/account.ts';
import { awsError } from './terminal.ts';

const formation = mockClient(CloudFormationClient);
const functions = mockClient(LambdaClient);
const quotas = mockClient(ServiceQuotasClient);
afterEach(() => {
  for (const mock of [formation, functions, quotas]) mock.reset();
});
afterAll(() => {
  for (const mock of [formation, functions, quotas]) mock.restore();
});

const account = openAccount({ region: 'eu-west-1' });
const described = (name: string) => ({
  StackName: name,
  StackId: `arn:${name}`,
  StackStatus: 'CREATE_COMPLETE' as const,
  CreationTime: new Date(0),
  Outputs: [{ OutputKey: 'ApiUrl', OutputValue: 'https://x.example/dev/' }, { OutputKey: 'Odd' }],
});
const seen = (name: string) => ({
  name,
  arn: `arn:${name}`,
  status: 'CREATE_COMPLETE',
  outputs: { ApiUrl: 'https://x.example/dev/' },
});

describe('openAccount', () => {
  it('is in the region that was chosen', async () => {
    expect(await account.region()).toBe('eu-west-1');
  });

  it('reads a stack with its outputs', async () => {
    formation.on(DescribeStacksCommand, { StackName: 'one' }).resolves({ Stacks: [described('one')] });

    expect(await account.stack('one')).toEqual(seen('one'));
  });

  it('finds no stack where CloudFormation says that there is none, and hides no other fault', async () => {
    const missing = awsError('ValidationError', 'Stack with id one does not exist');
    const invalid = awsError('ValidationError', '1 validation error detected');
    formation.on(DescribeStacksCommand).rejectsOnce(missing).rejectsOnce(invalid);

    expect(await account.stack('one')).toBeUndefined();
    await expect(account.stack('one')).rejects.toThrow(invalid);
  });

  it('reads all stacks, page by page', async () => {
    formation
      .on(DescribeStacksCommand)
      .resolvesOnce({ Stacks: [described('one')], NextToken: 'more' })
      .resolvesOnce({ Stacks: [described('two')] });

    expect(await account.stacks()).toEqual([seen('one'), seen('two')]);
    expect(formation.commandCalls(DescribeStacksCommand)).toHaveLength(2);
  });

  it.each([
    [
      { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 },
      { limit: 1000, unreserved: 900 },
    ],
    [{ ConcurrentExecutions: 10 }, { limit: 10, unreserved: 10 }],
  ])('reads how many functions may run at once: %j', async (limits, expected) => {
    functions.on(GetAccountSettingsCommand).resolves({ AccountLimit: limits });

    expect(await account.concurrency()).toEqual(expected);
  });

  it('invents no limits', async () => {
    functions.on(GetAccountSettingsCommand).resolves({});
    quotas.on(GetServiceQuotaCommand).resolves({});

    await expect(account.concurrency()).rejects.toThrow('did not say how many functions');
    await expect(account.quota({ service: 's', code: 'L-1' })).rejects.toThrow('did not say what L-1 is');
  });

  it("reads a quota of the account's own, or else everybody's", async () => {
    const quota = { service: 'apigateway', code: 'L-8A5B8E43' };
    const asked = { ServiceCode: 'apigateway', QuotaCode: 'L-8A5B8E43' };
    quotas
      .on(GetServiceQuotaCommand, asked)
      .resolvesOnce({ Quota: { Value: 20 } })
      .rejectsOnce(awsError('NoSuchResourceException'))
      .rejectsOnce(awsError('AccessDeniedException'));
    quotas.on(GetAWSDefaultServiceQuotaCommand, asked).resolves({ Quota: { Value: 10_000 } });

    expect([await account.quota(quota), await account.quota(quota)]).toEqual([20, 10_000]);
    await expect(account.quota(quota)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is for operators: no function can get at it', async () => {
    const files = (
      await Promise.all(['lib', 'lambdas'].map((room) => readdir(room, { recursive: true })))
    ).flatMap((names, at) => names.map((name) => `${['lib', 'lambdas'][at]}/${name}`));
    const importing: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.ts')))
      if (/from '[^']*\/account\.ts'/.test(await readFile(file, 'utf8'))) importing.push(file);

    expect(files).toContain('lib/adapters/aws/account.ts');
    expect(importing).toEqual([]);
  });
});
