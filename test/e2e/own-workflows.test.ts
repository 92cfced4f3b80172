import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { STATES_PATH } from '../../lib/adapters/local/asl/serve-task-tokens.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';

let folder: string;
let platform: TestPlatform;
let agent_id: string;

const lambda = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
/** Calls a function with the token, and waits for what comes back. */
const asking = (name: string, more: object = {}): object => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: lambda(name),
        Payload: { token: '{% $states.context.Task.Token %}', line: '{% $states.input.inputs.line %}' },
      },
      End: true,
      ...more,
    },
  },
});
const late = { Type: 'Task', Resource: lambda('late'), Arguments: '{% $states.input %}', End: true };

const WORKFLOWS: Record<string, object> = {
  approve: asking('approve'),
  decline: asking('decline'),
  // Each sign is due ten times as late as it comes, and all together take longer than one may be late.
  beat: asking('beat', { HeartbeatSeconds: 4 }),
  silent: asking('silent', { HeartbeatSeconds: 1 }),
  breaks: asking('breaks'),
  wrong: asking('wrong', { End: false, Next: 'Late' }),
};

const SDK = `import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand, SFNClient }
  from '@aws-sdk/client-sfn';
const client = new SFNClient({});
const success = (taskToken, output) => client.send(new SendTaskSuccessCommand({ taskToken, output }));
const nameOf = (sent) => sent.then(() => 'none', ({ name }) => name);
`;
const FUNCTIONS: Record<string, string> = {
  approve: 'export const handler = ({ token, line }) => success(token, JSON.stringify({ approved: line }));',
  decline: `export const handler = ({ token }) =>
    client.send(new SendTaskFailureCommand({ taskToken: token, error: 'Declined', cause: 'Too dear' }));`,
  beat: `export const handler = async ({ token }) => {
    for (let no = 0; no < 11; no += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
    }
    await success(token, '{"beats":11}');
  };`,
  silent: "export const handler = () => 'nothing comes of it';",
  breaks: "export const handler = () => { throw new RangeError('before it answered'); };",
  wrong: `export const handler = async ({ token }) => {
    const errors = [
      await nameOf(success('no token', '{}')),
      await nameOf(success('A'.repeat(64), '{}')),
      await nameOf(success(token, '{')),
      await nameOf(success(token, JSON.stringify('x'.repeat(262144)))),
    ];
    await success(token, JSON.stringify({ errors, token }));
  };`,
  late: `export const handler = async ({ errors, token }) =>
    ({ errors: [...errors, await nameOf(success(token, '{}'))] });`,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-own-'));
  await mkdir(join(folder, 'functions'));
  const { Ask } = (WORKFLOWS.wrong as { States: { Ask: object } }).States;
  const { End: _, ...ask } = Ask as { End: boolean };
  WORKFLOWS.wrong = { ...WORKFLOWS.wrong, States: { Ask: ask, Late: late } };
  for (const [name, definition] of Object.entries(WORKFLOWS))
    await writeFile(join(folder, `${name}.asl.json`), JSON.stringify(definition));
  for (const [name, source] of Object.entries(FUNCTIONS))
    await writeFile(join(folder, 'functions', `${name}.mjs`), SDK + source);
  platform = await startTestPlatform(undefined, { processesFolder: folder });
  agent_id = platform.demo.agentId;
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

const register = (name: string): Promise<Answer> =>
  platform.call('POST', '/processes', {
    json: { agent_id, name, stage: 'Draft', state_machine_arn: localMachineArn(name) },
  });

async function runOf(name: string, inputs: object = { line: 1 }): Promise<Answer> {
  const { id: process_id } = (await register(name)).body;
  const created = await platform.call('POST', '/runs', {
    json: { agent_id, process_id, name: 'Line 1', stage: 'Draft', inputs },
  });
  for (;;) {
    const answer = await platform.call('GET', `/runs/${created.body.id}`);
    if (!['Created', 'Pending', 'Running'].includes(answer.body.status)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
/** The last event of a run that has ended, as text. */
async function endOf({ body }: Answer): Promise<string> {
  const last = async (): Promise<string> =>
    (await platform.call('GET', `/runs/${body.id}/events`)).body.trimEnd().split('\n').at(-1);
  await expect.poll(last).toContain('run.complete');
  return await last();
}

describe('a function that is given a task token', () => {
  it('answers with it by the SDK as it is', async () => {
    expect((await runOf('approve', { line: 7 })).body).toMatchObject({
      status: 'Succeeded',
      outputs: [{ name: 'approved', value: 7 }],
    });
  });

  it('lets the task fail', async () => {
    const run = await runOf('decline');

    expect(run.body.status).toBe('Failed');
    expect(await endOf(run)).toContain('Declined');
  });

  it('gives signs of life for as long as it takes', async () => {
    const run = await runOf('beat');
    expect(run.body).toMatchObject({ outputs: [{ name: 'beats', value: 11 }] });
  });

  it.each([
    ['silent', 'States.HeartbeatTimeout'],
    ['breaks', 'RangeError'],
  ])('fails the task where it is %s: %s', async (name, error) => {
    const run = await runOf(name);

    expect(run.body.status).toBe('Failed');
    expect(await endOf(run)).toContain(error);
  });

  it('is refused by the names that the SDK knows', async () => {
    expect((await runOf('wrong')).body).toMatchObject({
      outputs: [
        {
          name: 'errors',
          value: ['InvalidToken', 'TaskDoesNotExist', 'InvalidOutput', 'ValidationException', 'TaskTimedOut'],
        },
      ],
    });
  });
});

describe('the place that takes tokens', () => {
  const aClient = () =>
    new SFNClient({
      endpoint: `${platform.url}${STATES_PATH}`,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });

  it('refuses what is no token in all three calls', async () => {
    const client = aClient();
    const taskToken = 'none';

    for (const command of [
      new SendTaskSuccessCommand({ taskToken, output: '{}' }),
      new SendTaskFailureCommand({ taskToken }),
      new SendTaskHeartbeatCommand({ taskToken }),
    ] as const)
      await expect(client.send(command as SendTaskSuccessCommand)).rejects.toMatchObject({
        name: 'InvalidToken',
      });
  });

  const post = (target: string, body: string, type = 'application/x-amz-json-1.0') =>
    fetch(`${platform.url}${STATES_PATH}`, {
      method: 'POST',
      headers: { 'content-type': type, 'x-amz-target': target },
      body,
    });

  it.each([
    ['another operation', 'AWSStepFunctions.ListExecutions', '{}', 'UnknownOperationException'],
    ['what is no JSON', 'AWSStepFunctions.SendTaskSuccess', '{', 'SerializationException'],
    ['what has no token', 'AWSStepFunctions.SendTaskSuccess', '{}', 'ValidationException'],
    ['too much', 'AWSStepFunctions.SendTaskHeartbeat', ' '.repeat(3 << 20), 'ValidationException'],
  ])('refuses %s', async (_what, target, body, type) => {
    const answer = await post(target, body);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ __type: type, message: expect.any(String) });
  });

  it('is not there for pages, which cannot send its type unasked', async () => {
    expect((await post('AWSStepFunctions.SendTaskSuccess', '{}', 'text/plain')).status).toBe(404);
    expect((await fetch(`${platform.url}${STATES_PATH}`, { method: 'OPTIONS' })).status).toBe(404);
  });
});
