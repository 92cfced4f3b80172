import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableInput } from '../../lib/adapters/aws/create-table.ts';
import { dynamoStores } from '../../lib/adapters/aws/dynamo-stores.ts';
import { EMBEDDED_CREDENTIALS, startEmbeddedDynamo } from '../../lib/adapters/local/embedded-dynamo.ts';
import { localMachineArn } from '../../lib/adapters/local/process-machines.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

/** As an operator types it, beside a platform that has written its `demo.env`. */
const runplane = (...args: string[]) => runplaneWith({}, ...args);

function runplaneWith(
  more: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const { BASE_URL: _url, API_KEY: _key, ...rest } = process.env;
  const env = { ...rest, RUNPLANE_DATA: platform.dataFolder, ...more };
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/runplane.ts', ...args], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const REGISTER = ['process', 'register', '--agent', 'cli', '--name', 'Review', '--stage', 'Draft'];
const machine = ['--machine', localMachineArn('order-review')];

describe('runplane process', () => {
  it('registers a process, twice the same, and lists it', async () => {
    const first = await runplane(...REGISTER, ...machine);
    const again = await runplane(...REGISTER, ...machine, '--json');
    const listed = await runplane('process', 'list', '--agent', 'cli', '--json');

    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^Registered Review \(Draft\) of agent cli as process [0-9a-z]{26}\.\n$/);
    const { id } = JSON.parse(again.out);
    expect(first.out).toContain(id);
    expect(JSON.parse(listed.out)).toEqual([{ agent_id: 'cli', id, name: 'Review', stage: 'Draft' }]);
  });

  it.each([
    ['no machine', REGISTER, 2, '--machine is missing.\n'],
    ['an option that there is not', ['process', 'list', '--agnt', 'x'], 2, expect.stringContaining('--agnt')],
    ['an unknown agent', ['process', 'list', '--agent', 'nobody'], 1, /^404: The specified process or agent/],
    [
      'a refused value',
      [...REGISTER, '--machine', 'x'],
      1,
      /^400: Invalid input values \(state_machine_arn /,
    ],
    [
      'a key that is none',
      ['process', 'list', '--agent', 'cli', '--key', 'x.y'],
      1,
      /^401: access not permitted\n$/,
    ],
    [
      'no platform',
      ['process', 'list', '--agent', 'cli', '--url', 'http://127.0.0.1:9'],
      1,
      /^Nothing answers at/,
    ],
  ])('says no in one sentence: %s', async (_what, args, code, sentence) => {
    const answer = await runplane(...args);

    expect(answer).toMatchObject({ code, out: '' });
    expect(answer.err.trimEnd().split('\n')).toHaveLength(1);
    if (sentence instanceof RegExp) expect(answer.err).toMatch(sentence);
    else expect(answer.err).toEqual(sentence);
  });

  it('tells what there is when asked nothing, and when asked something else', async () => {
    expect(await runplane()).toMatchObject({ code: 0, out: expect.stringContaining('process register') });
    expect(await runplane('dance')).toMatchObject({ code: 2, err: expect.stringContaining('Commands:') });
  });
});

describe('runplane agent and provider', () => {
  const write = async (name: string, value: unknown): Promise<string> => {
    const file = join(platform.dataFolder, name);
    await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  it('makes an agent, two versions of it, deploys, rolls back and lists', async () => {
    const settings = await write('provider.json', { type: 'echo' });
    const version = await write('version.json', {
      model: { provider_id: 'local', name: 'echo' },
      messages: [{ role: 'user', content: 'Hello {{who}}' }],
    });
    const lines: string[] = [];
    for (const args of [
      ['provider', 'set', '--provider', 'local', '--file', settings],
      ['agent', 'create', '--agent', 'greeter', '--name', 'Greeter'],
      ['agent', 'version', '--agent', 'greeter', '--file', version],
      ['agent', 'version', '--agent', 'greeter', '--file', version],
      ['agent', 'deploy', '--agent', 'greeter', '--version', '2'],
      ['agent', 'rollback', '--agent', 'greeter'],
    ]) {
      const { code, out, err } = await runplane(...args);
      expect([code, err], args.join(' ')).toEqual([0, '']);
      lines.push(out.trim());
    }

    expect(lines.slice(2)).toEqual([
      'Made version 1 of agent greeter. Deploy it to let it answer.',
      'Made version 2 of agent greeter. Deploy it to let it answer.',
      'Agent greeter: version 2 deployed.',
      'Agent greeter: version 1 deployed.',
    ]);
    const listed = JSON.parse((await runplane('agent', 'list', '--json')).out);
    expect(listed).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'greeter', deployedVersion: 1 })]),
    );
    const json = { agent_id: 'greeter', variables: { who: 'Ada' } };
    expect((await platform.call('POST', '/api/v1/run', { json })).body.text).toContain('Hello Ada');
  });

  it.each([
    ['a version of nobody', ['agent', 'deploy', '--agent', 'nobody', '--version', '1'], 1, /^404: /],
    [
      'a version that is no number',
      ['agent', 'deploy', '--agent', 'x', '--version', 'one'],
      2,
      /must be a number/,
    ],
    [
      'a file that is not there',
      ['agent', 'version', '--agent', 'x', '--file', 'no.json'],
      2,
      /There is no file/,
    ],
  ])('says in a sentence what is wrong: %s', async (_what, args, code, said) => {
    const failed = await runplane(...args);

    expect(failed.code).toBe(code);
    expect(failed.err).toMatch(said);
    expect(failed.err.trim().split('\n')).toHaveLength(1);
  });
});

describe('runplane workspace create', () => {
  const CREATE = ['workspace', 'create', '--name', 'Acme', '--email', 'ops@acme.example', '--json'];

  it('makes the first workspace of a table and a key that works there', async () => {
    const database = await startEmbeddedDynamo({ tables: [createTableInput('deployed')] });
    const aws = {
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const client = new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS });
    try {
      const made = await runplaneWith(aws, ...CREATE, '--table', 'deployed');
      const lost = await runplaneWith(aws, ...CREATE, '--table', 'elsewhere');

      expect([made.code, made.err]).toEqual([0, '']);
      const { workspaceId, apiKey } = JSON.parse(made.out);
      const stores = dynamoStores(DynamoDBDocumentClient.from(client), 'deployed');
      expect(await stores.keys.get(apiKey.split('.')[0])).toMatchObject({
        roles: { [workspaceId]: 'owner' },
      });
      expect(await stores.workspaces.get(workspaceId, workspaceId)).toMatchObject({ name: 'Acme' });
      expect(lost.code).toBe(1);
      expect(lost.err).toMatch(/^There is no table elsewhere here\./);
    } finally {
      client.destroy();
      await database.close();
    }
  });
});
