import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../../lambdas/steps/sweep.ts';
import { METRICS } from '../../lib/adapters/aws/metrics.ts';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { LINES } from '../../lib/apis/log/log-lines.ts';
import { MAX_ATTEMPTS } from '../../lib/runs/service.ts';
import { fieldsOf, queriesOf, readDocument } from '../stacks/runbook.ts';
import { makeAgent } from '../support/agents.ts';
import { aRun } from '../support/builders.ts';
import { type FakeModelServer, openFakeOpenAi } from '../support/fake-openai.ts';
import { type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** A line as it was written. */
type Line = { level: string; message: string } & Record<string, unknown>;

/** What callers and their files say in the journey below: each text stands nowhere else. */
const SAID = {
  header: 'Holder of the towel',
  cell: 'Zaphod Beeblebrox',
  email: 'zaphod@heart-of-gold.example',
  fileName: 'payroll-of-the-crew',
  badFile: 'not a workbook at all',
  inputValue: 'order-of-vogon-poetry',
  cause: 'Nothing is left of Magrathea',
  errorName: 'MagratheaSoldOut',
  upload: 'whale-and-petunias',
  message: 'Where is my other shoe',
  instructions: 'Answer like a paranoid android',
  prompt: 'The secret ingredient is saffron',
  variable: 'Tricia McMillan',
  topic: 'infinite improbability',
  refusal: 'Incorrect API key provided: sk-tried',
  fault: 'an item that was being read',
};

let folder: string;
let logFile: string;
let platform: TestPlatform;
let provider: FakeModelServer;
let lines: Line[];
let written: string;
/** What was made up on the way: keys, tokens, signatures. */
const secrets: Record<string, string> = {};
/** Core ids of every run that the journey made through an API. */
let created: string[];

const read = async (): Promise<Line[]> => {
  written = await readFile(logFile, 'utf8');
  return written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};
const saying = (message: string): Line[] => lines.filter((line) => line.message === message);

/** The lines, once there are as many of a message as are to come: some are written after the caller's answer. */
async function readUntil(message: string, count: number): Promise<Line[]> {
  for (;;) {
    lines = await read();
    if (saying(message).length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function until(get: () => Promise<{ body: { status: string } }>, open: readonly string[]) {
  for (;;) {
    const answer = await get();
    if (!open.includes(answer.body.status)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const asMember = (): Call => ({ key: null, headers: { authorization: `Bearer ${platform.demo.jwt}` } });

/** Documents that come in by both ways, one of them good for nothing; results that go out by both ways. */
async function documents(): Promise<void> {
  const table = `${SAID.header},Email\n${SAID.cell},${SAID.email}\n`;
  const good = await platform.upload(`${SAID.fileName}.csv`, table);
  const bad = await platform.upload(`${SAID.fileName}.xlsx`, SAID.badFile);
  const succeeded = await platform.run(good.body.id, { operation: 'process' });
  const failed = await platform.run(bad.body.id);
  expect([succeeded.body.status, failed.body.status]).toEqual(['succeeded', 'failed']);
  for (const path of ['output', 'metrics', 'columns', 'output/preview', 'events/stream', 'output/download'])
    expect((await platform.call('GET', `runs/${succeeded.body.id}/${path}`)).status).toBe(200);

  const redirect = await platform.call('GET', `runs/${succeeded.body.id}/output/download?redirect=true`);
  const signed = new URL(redirect.headers.get('location') ?? '');
  expect((await fetch(signed)).status).toBe(200);
  for (const [name, value] of signed.searchParams) secrets[`of a download: ${name}`] = value;
}

async function processes(): Promise<void> {
  const { agentId: agent_id } = platform.demo;
  const registered = await platform.call('POST', '/processes', {
    json: { agent_id, name: 'sells', stage: 'Draft', state_machine_arn: localMachineArn('sells') },
  });
  const file = await platform.call('POST', '/files', { json: { file_name: `${SAID.fileName}.txt` } });
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(file.body.upload_fields)) {
    form.set(name, value);
    if (/signature|policy/i.test(name)) secrets[`of an upload: ${name}`] = value;
  }
  form.set('file', new Blob([SAID.upload]), 'upload.txt');
  expect((await fetch(file.body.upload_url, { method: 'POST', body: form })).status).toBe(204);

  const inputs = [{ name: 'order_id', value: SAID.inputValue }];
  const start = async (more: object): Promise<string> => {
    const run = await platform.call('POST', '/runs', { json: { agent_id, inputs, ...more } });
    expect(run.status, JSON.stringify(run.body)).toBe(201);
    const ended = await until(
      () => platform.call('GET', `/runs/${run.body.id}`),
      ['Created', 'Pending', 'Running'],
    );
    return ended.body.status;
  };
  const orders = {
    process_id: platform.demo.processId,
    name: 'Order',
    stage: 'Draft',
    file_ids: [file.body.id],
  };
  expect(await start(orders)).toBe('Succeeded');
  expect(await start({ process_id: registered.body.id, name: 'Sale', stage: 'Draft' })).toBe('Failed');
}

async function threads(): Promise<void> {
  const runs = `/api/projects/${platform.demo.workspaceId}/threads/${platform.demo.threadId}/runs`;
  const json = { message: SAID.message, instructions: SAID.instructions };
  const run = await platform.call('POST', runs, { ...asMember(), json });
  expect(run.status).toBe(201);
  const ended = await until(
    () => platform.call('GET', `${runs}/${run.body.runId}`, asMember()),
    ['queued', 'in_progress'],
  );
  expect(ended.body.status).toBe('completed');
}

/** Whole, as a stream, and through a provider that refuses and says more than it should. */
async function agents(): Promise<void> {
  const workspace = `/api/v1/workspaces/${platform.demo.workspaceId}`;
  const kept = await platform.call('PATCH', workspace, { json: { keep_agent_content: true } });
  expect(kept.status).toBe(200);
  const agent_id = await makeAgent(platform);
  const variables = { user_name: SAID.variable, topic: SAID.topic };
  for (const stream of [false, true]) {
    const answer = await platform.call('POST', '/api/v1/run', { json: { agent_id, variables, stream } });
    expect(answer.bytes.toString()).toContain(SAID.topic.split(' ')[1]);
  }
  provider.behave({ status: 401, body: JSON.stringify({ error: { message: SAID.refusal } }) });
  process.env.RUNPLANE_SECRET_TEST_KEY = secrets['of a provider'];
  const refused = await makeAgent(platform, {
    providerId: 'refusing',
    settings: { type: 'openai-compatible', baseUrl: `${provider.url}/v1`, apiKeyRef: 'test/key' },
  });
  const json = { agent_id: refused, variables };
  expect((await platform.call('POST', '/api/v1/run', { json })).status).toBeGreaterThanOrEqual(400);
}

/** Keys and tokens that are no good, a path that is nobody's, and a fault of ours that carries what it read. */
async function refusals(): Promise<void> {
  const wrongKey = platform.demo.apiKey.replace('.', '.A');
  const wrongToken = `${platform.demo.jwt}x`;
  Object.assign(secrets, { 'of a wrong key': wrongKey, 'of a wrong token': wrongToken });
  expect((await platform.call('GET', 'runs', { key: wrongKey })).status).toBe(401);
  const project = `/api/projects/${platform.demo.workspaceId}/threads`;
  const bearer = { key: null, headers: { authorization: `Bearer ${wrongToken}` } };
  expect((await platform.call('GET', project, bearer)).status).toBe(401);
  expect((await platform.call('GET', '/nowhere')).status).toBe(404);
  expect((await platform.call('POST', 'runs', { json: { inputDocumentId: SAID.cell } })).status).toBe(422);

  const { configurations } = platform.platform;
  const list = configurations.list.bind(configurations);
  configurations.list = async () => {
    throw Object.assign(new Error('The table is away'), { item: SAID.fault });
  };
  const failed = await platform.call('GET', 'configurations', { headers: { 'x-request-id': 'a-fault' } });
  configurations.list = list;
  expect(failed.status).toBe(500);
}

/** A download whose file goes away while it is read. */
async function brokenStream(): Promise<void> {
  const { files } = platform.platform;
  const get = files.get.bind(files);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('the beginning');
    throw Object.assign(new Error('The disk is away'), { item: SAID.fault });
  }
  files.get = async () => ({ size: 1000, contentType: 'text/plain', body: body() });
  const path = `documents/${platform.demo.documentId}/download`;
  const broken = platform.call('GET', path, { headers: { 'x-request-id': 'a-break' } });
  await expect(broken).rejects.toThrow();
  files.get = get;
}

/** A run that was left two hours ago and has lost all its workers, as the sweeper finds it. */
async function leftBehind(): Promise<string> {
  const at = Date.now() - 2 * 3_600_000;
  const { workspaceId } = platform.demo;
  const id = uuid({ msecs: at });
  const instant = new Date(at).toISOString();
  await platform.platform.runs.insert(
    aRun({
      ...{ id, workspaceId, createdAt: instant, leaseUntil: instant, attempt: MAX_ATTEMPTS },
      input: { message: SAID.message },
    }),
  );
  expect(await sweep(() => platform.platform)(undefined, { awsRequestId: 'invocation-1' })).toMatchObject({
    ended: 1,
  });
  return id;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-logs-'));
  logFile = join(folder, 'log');
  const sells = {
    StartAt: 'No',
    States: { No: { Type: 'Fail', Error: SAID.errorName, Cause: SAID.cause } },
  };
  await writeFile(join(folder, 'sells.asl.json'), JSON.stringify(sells));
  provider = await openFakeOpenAi();
  platform = await startTestPlatform(undefined, { processesFolder: folder, logLevel: 'info', logFile });
  const { apiKey, otherApiKey, jwt } = platform.demo;
  Object.assign(secrets, {
    ...{ 'of a key': apiKey, 'of another key': otherApiKey, 'of a token': jwt },
    'of the half of a key that is secret': apiKey.split('.')[1],
    'of a provider': 'sk-very-secret',
    'of the end of a token': jwt.split('.')[2],
  });
  await documents();
  await processes();
  await threads();
  await agents();
  await refusals();
  await brokenStream();
  const left = await leftBehind();
  await readUntil(LINES.runEnded, 9);
  await readUntil('step ended', 9);
  created = saying(LINES.runCreated).map(({ runId }) => String(runId));
  expect(created).not.toContain(left);
});
afterAll(async () => {
  delete process.env.RUNPLANE_SECRET_TEST_KEY;
  await platform.close();
  await provider.close();
  await rm(folder, { recursive: true });
});

describe('the log', () => {
  it('has for each request its id, its operation and its status', () => {
    const requests = saying('request');

    expect(requests.length).toBeGreaterThan(25);
    for (const line of requests) {
      expect(line).toMatchObject({
        requestId: expect.stringMatching(/^(req_[0-9a-f]{32}|a-fault|a-break)$/),
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        status: expect.any(Number),
        milliseconds: expect.any(Number),
        gatewayRequestId: expect.any(String),
      });
    }
    const ofMembers = requests.filter(({ operationId }) => /Thread/.test(String(operationId)));
    expect(ofMembers.map(({ keyId }) => keyId)).not.toContainEqual(expect.any(String));
    const { workspaceId } = platform.demo;
    const byKey = { workspaceId, keyId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(requests.find(({ operationId }) => operationId === 'createRun')).toMatchObject(byKey);
    expect(saying('no operation')).toEqual([
      expect.objectContaining({ status: 404, requestId: expect.stringMatching(/^req_/) }),
    ]);
  });

  it('has in each line the request or the step that it belongs to', () => {
    const belongs = ({ requestId, operationId, step, message }: Line): boolean =>
      step !== undefined ||
      (requestId !== undefined && (operationId !== undefined || message === 'no operation'));

    const strays = lines.filter((line) => !belongs(line)).map(({ message }) => message);

    // The platform itself before the first request, and the local server, where on AWS Lambda would speak.
    expect(strays).toEqual(['places of streams changed', 'A function failed']);
  });

  it('says why a request failed, by the same id', () => {
    expect(saying('request failed')).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        requestId: 'a-fault',
        operationId: 'listConfigurations',
        error: { name: 'Error', message: 'The table is away', stack: expect.any(Array) },
      }),
    ]);
    expect(saying('request').filter(({ requestId }) => requestId === 'a-fault')).toEqual([
      expect.objectContaining({ status: 500 }),
    ]);
  });

  it('says why an answer broke off', () => {
    expect(saying('stream failed')).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        requestId: 'a-break',
        operationId: 'downloadDocument',
        error: { name: 'Error', message: 'The disk is away', stack: expect.any(Array) },
      }),
    ]);
  });

  it('says of each run once that it was created and once that it ended, and how', () => {
    const ended = saying(LINES.runEnded);
    const outcomes = ended.map(({ kind, status, failureCode = '' }) =>
      `${kind} ${status} ${failureCode}`.trim(),
    );

    expect(outcomes.sort()).toEqual([
      'agent failed provider_unauthorized',
      'agent succeeded',
      'agent succeeded',
      'document failed internal_error',
      'document failed unreadable_file',
      'document succeeded',
      'process failed process_failed',
      'process succeeded',
      'thread succeeded',
    ]);
    expect(new Set(created).size).toBe(8);
    expect(new Set(ended.map(({ runId }) => runId)).size).toBe(9);
    expect(ended.map(({ runId }) => runId)).toEqual(expect.arrayContaining(created));
  });

  it('names the run, and its workspace, in every line about one', () => {
    const about = lines.filter(
      ({ message, step }) =>
        /^run (created|ended)$|^agent run failed$/.test(message) ||
        (step !== undefined && step !== 'sweep' && message.startsWith('step ')),
    );

    expect(about.length).toBeGreaterThan(25);
    for (const { runId, message } of about)
      expect([message, runId]).toEqual([message, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    for (const { workspaceId } of saying(LINES.runEnded)) expect(workspaceId).toBe(platform.demo.workspaceId);
  });

  it('says of each step when it began and when it ended', () => {
    const steps = (message: string) => new Set(saying(message).map(({ step }) => step));
    const all = ['answer-thread', 'process-document', 'run-agent', 'settle', 'sweep'];

    expect([...steps('step started')].sort()).toEqual(all);
    expect([...steps('step ended')].sort()).toEqual(all);
    expect(saying('step failed')).toEqual([]);
  });

  it('says which invocation of a function a line is from', () => {
    const swept = lines.filter(({ step }) => step === 'sweep');

    expect(swept.map(({ message }) => message)).toEqual([
      'step started',
      LINES.runEnded,
      LINES.pastLease,
      'swept',
      'step ended',
    ]);
    for (const { lambdaRequestId } of swept) expect(lambdaRequestId).toBe('invocation-1');
  });

  it.each(Object.entries(METRICS))('has what %s is measured by', (_name, { line, value, dimensions }) => {
    const counted = saying(line).filter((fields) => value(fields) !== undefined);

    expect(counted).not.toEqual([]);
    for (const fields of counted) {
      // The stage is the function's own, and the same for all of its lines.
      for (const name of dimensions.filter((dimension) => dimension !== 'stage'))
        expect(fields[name]).toEqual(expect.any(String));
    }
  });
});

describe('the runbook', () => {
  const queries = queriesOf(readDocument('runbook.md'), 'logs');

  it.each(queries)('asks for what lines have: %s', (query) => {
    // What Insights adds to a line, and what a provider that answers nothing leaves out.
    const known = new Set(['timestamp', 'reason', ...lines.flatMap((line) => Object.keys(line))]);

    expect(fieldsOf(query).filter((field) => !known.has(field))).toEqual([]);
  });

  it('asks for messages that there are', () => {
    const asked = queries.flatMap((query) =>
      [...query.matchAll(/message = "([^"]+)"/g)].map(([, said]) => said),
    );
    const written = new Set(lines.map(({ message }) => message));

    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((message) => !written.has(message ?? ''))).toEqual(['no answer']);
  });
});

describe('the log does not say', () => {
  it.each(Object.entries(SAID))('what was said: %s', (_what, text) => {
    expect(written).not.toContain(text);
  });

  it('keys, tokens or signatures', () => {
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(10);
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret.length, what).toBeGreaterThan(8);
      expect(written.includes(secret), what).toBe(false);
    }
  });
});
