import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  SFNClient,
  type StateMachineType,
  TagResourceCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ProcessExecutor } from '../../lib/adapters/aws/process-executor.ts';
import { S3FileStore } from '../../lib/adapters/aws/s3-file-store.ts';
import { machines } from '../../lib/adapters/aws/step-functions-executor.ts';
import { aQueuedRun } from '../conformance/builders.ts';
import { describeFileStore } from '../conformance/file-store.ts';
import { describeRunExecutor, MACHINES, type MachineName } from '../conformance/run-executor.ts';

const endpoint = process.env.MOTO_ENDPOINT;
if (endpoint === undefined) throw new Error('MOTO_ENDPOINT is not set: run this by `npm run test:aws`');

const options = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
};

describeFileStore(
  'S3',
  async () => {
    // Bucket names as host names would need a name server.
    const client = new S3Client({ ...options, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'files' }));
    return { files: new S3FileStore(client, 'files'), close: async () => client.destroy() };
  },
  // moto serves what was signed and does not check it.
  { checksSignatures: false },
);

describeRunExecutor('Step Functions', async () => {
  const client = new SFNClient(options);
  const arns = new Map<MachineName, string>();
  for (const [name, definition] of Object.entries(MACHINES)) {
    const { stateMachineArn = '' } = await client.send(
      new CreateStateMachineCommand({
        name,
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::123456789012:role/runs',
      }),
    );
    arns.set(name as MachineName, stateMachineArn);
  }
  return {
    executor: new ProcessExecutor(client, machines({})),
    aRunOn: (machine) => aQueuedRun({ kind: 'process', input: { stateMachineArn: arns.get(machine) } }),
    close: async () => client.destroy(),
  };
});

describe('Step Functions: a machine of somebody else', () => {
  const client = new SFNClient(options);
  const executor = new ProcessExecutor(client, machines({}));
  const machine = async (name: string, type: StateMachineType): Promise<string> => {
    const { stateMachineArn = '' } = await client.send(
      new CreateStateMachineCommand({
        ...{ name, type, definition: JSON.stringify(MACHINES.echoes) },
        roleArn: 'arn:aws:iam::123456789012:role/runs',
      }),
    );
    return stateMachineArn;
  };

  it('is fit when it is Standard and tagged, also by an alias, and else says what is missing', async () => {
    const [standard, express] = [await machine('theirs', 'STANDARD'), await machine('quick', 'EXPRESS')];
    const look = (arn: string) => executor.lookAtMachine(arn);
    expect(await look(standard)).toMatchObject({ status: 'unfit', reason: expect.stringContaining('tag') });

    for (const resourceArn of [standard, express])
      await client.send(
        new TagResourceCommand({ resourceArn, tags: [{ key: 'runplane:process', value: 'yes' }] }),
      );

    expect(await look(standard)).toEqual({ status: 'fit' });
    expect(await look(`${standard}:live`)).toEqual({ status: 'fit' });
    expect(await look(express)).toMatchObject({
      status: 'unfit',
      reason: expect.stringContaining('Express'),
    });
    expect(await look(standard.replace('theirs', 'gone'))).toMatchObject({ status: 'unfit' });
  });
});
