import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openAccount } from '../../lib/adapters/aws/account.ts';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { type DynamoStores, dynamoStores } from '../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { type EmbeddedDynamo, startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { type FakeAws, startFakeAws } from '../commands/fake-aws.ts';
import { type Typed, typing } from '../commands/terminal.ts';
import { aRun } from '../support/builders.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { programOf } from '../support/program.ts';

const WAITING = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } };

let platform: TestPlatform;
let machines: string;
beforeAll(async () => {
  machines = await mkdtemp(join(tmpdir(), 'runplane-machines-'));
  await writeFile(join(machines, 'waiting.asl.json'), JSON.stringify(WAITING));
  platform = await startTestPlatform(undefined, { processesFolder: machines });
});
afterAll(async () => {
  await platform.close();
  await rm(machines, { recursive: true });
});

/** As an operator starts it, beside a platform that has written its `demo.env`, with nothing else set. */
function start(more: Record<string, string>, command: string[]): ChildProcess {
  const [program = '', ...words] = command;
  const own = /^(AWS_|RUNPLANE_|(BASE_URL|API_KEY|WORKSPACE_ID|AGENT_ID|PROCESS_ID|THREAD_ID|DEBUG)$)/;
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return spawn(program, words, { env: { ...rest, RUNPLANE_DATA: platform.dataFolder, ...more } });
}

async function read(child: ChildProcess): Promise<Typed> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

const program = async (...words: string[]): Promise<string[]> => [
  process.execPath,
  await programOf('bin/runplane.ts'),
  ...words,
];
const runplane = async (...words: string[]): Promise<Typed> => read(start({}, await program(...words)));
/** The same without a process of its own. */
const type = (...words: string[]): Promise<Typed> =>
  typing({ environment: { RUNPLANE_DATA: platform.dataFolder }, openAccount })(...words);

const REGISTER = ['process', 'register', '--agent', 'cli', '--name', 'Review', '--stage', 'Draft'];
const machine = ['--machine', localMachineArn('order-review')];

describe('npx runplane', () => {
  it('is found in a checkout, and says its version', async () => {
    const { code, out } = await read(start({}, ['npx', '--no-install', 'runplane', '--version']));

    expect([code, out]).toEqual([0, `${VERSION}\n`]);
  });
});

describe('the program', () => {
  it('does as it is told, and writes where it should', async () => {
    const first = await runplane(...REGISTER, ...machine);
    const again = await type(...REGISTER, ...machine, '--json');
    const listed = await type('process', 'list', '--agent', 'cli', '--json');

    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^Registered Review \(Draft\) of agent cli as process [0-9a-z]{26}\.\n$/);
    const { id } = JSON.parse(again.out);
    expect(first.out).toContain(id);
    expect(JSON.parse(listed.out)).toEqual([{ agent_id: 'cli', id, name: 'Review', stage: 'Draft' }]);
  });

  it('says no on the other line, and in its exit code', async () => {
    const misspelt = await runplane('process', 'list', '--agnt', 'x');
    const refused = await runplane('process', 'list', '--agent', 'cli', '--key', 'x.y');

    expect(misspelt).toEqual({
      code: 2,
      out: '',
      err: "Unknown option '--agnt'. Is it --agent? Usage: runplane process list --agent <id>\n",
    });
    expect(refused).toEqual({
      code: 1,
      out: '',
      err: 'The key from --key is not taken (401: access not permitted): was it revoked, or is it of another platform?\n',
    });
  });

  it('ends when whoever reads has seen enough', async () => {
    const child = start({}, await program('help'));
    child.stdout?.destroy();

    expect(await read(child)).toMatchObject({ code: 0, err: '' });
  });

  it('stops watching at Ctrl-C, and leaves the run alone', async () => {
    const waiting = [
      'process',
      'register',
      '--agent',
      'cli',
      '--name',
      'Waiting',
      '--stage',
      'Draft',
      '--json',
    ];
    const process = JSON.parse((await type(...waiting, '--machine', localMachineArn('waiting'))).out);
    const json = { agent_id: 'cli', process_id: process.id, name: 'Long', stage: 'Draft' };
    const { id } = (await platform.call('POST', '/runs', { json })).body;
    const child = start({}, await program('runs', 'tail', id));
    child.stdout?.once('data', () => child.kill('SIGINT'));

    const { code, err } = await read(child);

    expect(code).toBe(130);
    expect(err).toBe(`Stopped watching; run ${id} goes on. runplane runs cancel ${id} would stop it.\n`);
    const { body } = await platform.call('POST', `/runs/${id}/cancel`);
    expect(body.status).toBe('Cancelled');
  });
});

describe('runplane agent and provider', () => {
  const write = async (name: string, value: unknown): Promise<string> => {
    const file = join(platform.dataFolder, name);
    await writeFile(file, JSON.stringify(value));
    return file;
  };

  it('makes an agent, two versions of it, deploys, rolls back and lists', async () => {
    const settings = await write('provider.json', { type: 'echo' });
    const version = await write('version.json', {
      model: { provider_id: 'local', name: 'echo' },
      messages: [{ role: 'user', content: 'Hello {{who}}' }],
    });
    const lines: string[] = [];
    for (const words of [
      ['provider', 'set', '--provider', 'local', '--file', settings],
      ['agent', 'create', '--agent', 'greeter', '--name', 'Greeter'],
      ['agent', 'version', '--agent', 'greeter', '--file', version],
      ['agent', 'version', '--agent', 'greeter', '--file', version],
      ['agent', 'deploy', '--agent', 'greeter', '--version', '2'],
      ['agent', 'rollback', '--agent', 'greeter'],
    ]) {
      const { code, out, err } = await type(...words);
      expect([code, err], words.join(' ')).toEqual([0, '']);
      lines.push(out.trim());
    }

    expect(lines).toEqual([
      'Provider local is set. Keys are named in it, never kept.',
      'Created agent greeter (Greeter). It answers once a version is deployed.',
      'Made version 1 of agent greeter. Deploy it to let it answer.',
      'Made version 2 of agent greeter. Deploy it to let it answer.',
      'Agent greeter: version 2 deployed.',
      'Agent greeter: version 1 deployed.',
    ]);
    const listed = JSON.parse((await type('agent', 'list', '--json')).out);
    expect(listed).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'greeter', deployedVersion: 1 })]),
    );
    const json = { agent_id: 'greeter', variables: { who: 'Ada' } };
    expect((await platform.call('POST', '/api/v1/run', { json })).body.text).toContain('Hello Ada');
  });

  it.each([
    ['an agent', ['agent', 'deploy', '--agent', 'nobody', '--version', '1'], /^404: .+\.\n$/],
    ['processes', ['process', 'list', '--agent', 'nobody'], /^404: The specified process or agent/],
    ['a machine', [...REGISTER, '--machine', 'x'], /^400: Invalid input values \(state_machine_arn: /],
  ])('says in a line that there is no such thing: %s', async (_what, words, said) => {
    const failed = await type(...words);

    expect(failed).toEqual({ code: 1, out: '', err: expect.stringMatching(said) });
    expect(failed.err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a deployment', () => {
  let database: EmbeddedDynamo;
  let aws: FakeAws;
  let client: DynamoDBClient;
  let stores: DynamoStores;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await startEmbeddedDynamo({ tables: [createTableInput('deployed')] });
    aws = await startFakeAws({
      'runplane-dev-storage': { TableName: 'deployed', BucketName: 'files' },
      'runplane-dev-runs': { ApiUrl: `${platform.url}/` },
    });
    client = new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS });
    stores = dynamoStores(DynamoDBDocumentClient.from(client), 'deployed');
    environment = {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    client.destroy();
    await aws.close();
    await database.close();
  });
  const CREATE = ['workspace', 'create', '--name', 'Acme', '--email', 'ops@acme.example', '--json'];

  it.each([
    [
      'its stage',
      async (words: string[]) => read(start(environment, await program(...words))),
      ['--stage', 'dev'],
    ],
    ['its table', (words: string[]) => type(...words), ['--table', 'deployed']],
  ])('gets its first workspace, and a key that works there, by %s', async (_what, run, words) => {
    const made = await run([...CREATE, ...words]);

    expect([made.code, made.err]).toEqual([0, '']);
    const { workspaceId, apiKey } = JSON.parse(made.out);
    expect(await stores.keys.get(apiKey.split('.')[0])).toMatchObject({ roles: { [workspaceId]: 'owner' } });
    expect(await stores.workspaces.get(workspaceId, workspaceId)).toMatchObject({ name: 'Acme' });
  });

  it.each([
    ['stage', ['--stage', 'dve'], "There is no stage 'dve' in eu-west-1: there is dev.\n"],
    [
      'table',
      ['--table', 'elsewhere'],
      'There is no table elsewhere in eu-west-1: is the region right (--region)?\n',
    ],
  ])('gets no workspace in a %s that there is not', async (_what, words, err) => {
    expect(await type(...CREATE, ...words)).toEqual({ code: 1, out: '', err });
  });

  it('is called by the name of its stage', async () => {
    const { code, out } = await type(
      'agent',
      'list',
      '--stage',
      'dev',
      '--key',
      platform.demo.apiKey,
      '--json',
    );

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual((await platform.call('GET', '/api/v1/agents')).body.items);
  });

  it('is looked over by the doctor, which finds the runs that nobody looks after', async () => {
    await stores.runs.insert(aRun());

    const { code, out } = await type('doctor', '--stage', 'dev', '--key', platform.demo.apiKey);

    expect(code).toBe(1);
    expect(out).toContain('ok       The stack runplane-dev-storage is deployed.\n');
    expect(out).toContain(
      'ok       1000 functions may run at once in eu-west-1: 500 event streams may be open',
    );
    expect(out).toContain('ok       AWS allows 1,000 requests a second for all APIs of the account.\n');
    expect(out).toContain('problem  Nobody has looked after 1 run for 10 minutes');
    expect(out).toContain('ok       The key is taken.\n');
  });
});
