import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { fromShortId } from '../../lib/apis/records/short-id.ts';
import { createKey } from '../../lib/apis/workspaces/create-key.ts';
import { type Answer, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { aWorkbook } from './line-items.ts';

let platform: TestPlatform;
let folder: string;
let agent: string;
let process: string;

/** Workflows of a user's own, as they would be dropped into the folder. */
const WORKFLOWS: Record<string, object> = {
  echo: { StartAt: 'Echo', States: { Echo: { Type: 'Pass', End: true } } },
  text: { StartAt: 'Say', States: { Say: { Type: 'Pass', Result: 'done', End: true } } },
  names: {
    StartAt: 'Name',
    States: { Name: { Type: 'Pass', Result: { '': 1, ['k'.repeat(1500)]: 2 }, End: true } },
  },
  waits: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } },
  expires: {
    TimeoutSeconds: 1,
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 60, End: true } },
  },
  fails: { StartAt: 'No', States: { No: { Type: 'Fail', Error: 'NoStock', Cause: 'Nothing is left' } } },
  large: {
    StartAt: 'Grow',
    States: { Grow: { Type: 'Pass', Result: { text: 'x'.repeat(262_000), n: 1 }, End: true } },
  },
  larger: {
    StartAt: 'Grow',
    States: { Grow: { Type: 'Pass', Result: 'x'.repeat(262_144), End: true } },
  },
  jsonata: {
    QueryLanguage: 'JSONata',
    StartAt: 'Double',
    States: { Double: { Type: 'Pass', Output: { n: '{% $sum($states.input.inputs.n) * 2 %}' }, End: true } },
  },
  invokes: {
    StartAt: 'Check',
    States: {
      Check: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: {
          FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:CheckLine:live',
          'Payload.$': '$.inputs',
        },
        ResultSelector: { 'amount.$': '$.Payload.amount' },
        End: true,
      },
    },
  },
  stranger: {
    StartAt: 'Call',
    States: {
      Call: {
        Type: 'Task',
        Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:their-own',
        End: true,
      },
    },
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-processes-'));
  for (const [name, definition] of Object.entries(WORKFLOWS))
    await writeFile(join(folder, `${name}.asl.json`), JSON.stringify(definition));
  platform = await startTestPlatform(undefined, { processesFolder: folder });
  agent = platform.demo.agentId;
  process = platform.demo.processId;
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

const register = (name: string, more: object = {}, call: object = {}) =>
  platform.call('POST', '/processes', {
    json: { agent_id: agent, name, stage: 'Draft', state_machine_arn: localMachineArn(name), ...more },
    ...call,
  });

/** A process of that workflow; the same one each time. */
const processOf = async (name: string): Promise<string> => (await register(name)).body.id;

const post = (more: object = {}, call: object = {}) =>
  platform.call('POST', '/runs', {
    json: { agent_id: agent, process_id: process, name: 'Invoice 42', stage: 'Draft', ...more },
    ...call,
  });
const get = (id: string, call: object = {}) => platform.call('GET', `/runs/${id}`, call);

async function ended(id: string): Promise<Answer> {
  for (;;) {
    const answer = await get(id);
    if (!['Created', 'Pending', 'Running'].includes(answer.body.status)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
async function reaches(id: string, status: string): Promise<void> {
  while ((await get(id)).body.status !== status) await new Promise((resolve) => setTimeout(resolve, 10));
}
const runOf = async (name: string, more: object = {}): Promise<Answer> => {
  const created = await post({ process_id: await processOf(name), ...more });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return ended(created.body.id);
};
const eventsOf = async (id: string) =>
  (await platform.call('GET', `/runs/${id}/events`)).body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line));

/** A run has ended a moment before its log says so. */
const closedLogOf = async (id: string) => {
  await expect.poll(async () => (await eventsOf(id)).at(-1).event).toBe('run.complete');
  return eventsOf(id);
};

/** As a client does: a form, then a POST to it. */
async function upload(name: string, content: Uint8Array | string, more: object = {}): Promise<string> {
  const { body: form } = await platform.call('POST', '/files', { json: { file_name: name, ...more } });
  const fields = new FormData();
  for (const [field, value] of Object.entries(form.upload_fields)) fields.set(field, String(value));
  fields.set('file', new Blob([content]), name);
  const sent = await fetch(form.upload_url, { method: form.upload_http_method, body: fields });
  expect(sent.status).toBe(204);
  return form.id;
}

const scopedKey = async (agentId: string): Promise<string> =>
  (
    await createKey(platform.platform, {
      workspaceId: platform.demo.workspaceId,
      name: 'Scoped',
      role: 'owner',
      owner: { id: platform.platform.newId(), email: 'scoped@runplane.example' },
      agentId,
    })
  ).token;

describe('POST /runs', () => {
  it('201: the run object with its nine members, which passes visibly through Running to its outputs', async () => {
    const created = await post({ inputs: [{ name: 'order_id', value: 'b4fznghynbdemslfd5k044fgd' }] });

    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      agent_id: agent,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      file_ids: null,
      id: expect.stringMatching(/^[0-9a-z]{26}$/),
      name: 'Invoice 42',
      outputs: null,
      process_id: process,
      stage: 'Draft',
      status: 'Created',
    });
    await reaches(created.body.id, 'Running');
    expect((await ended(created.body.id)).body).toEqual({
      ...created.body,
      status: 'Succeeded',
      outputs: expect.arrayContaining([
        { name: 'order_id', value: 'b4fznghynbdemslfd5k044fgd' },
        { name: 'decision', value: 'approved' },
      ]),
    });
    expect((await closedLogOf(created.body.id)).map(({ event }: { event: string }) => event)).toEqual([
      'run.start',
      'run.complete',
    ]);
  });

  it('201: gives the process what it promises, whichever way inputs are written', async () => {
    const fileId = await upload('notes é.txt', 'hello');
    for (const inputs of [
      { a: 1, b: null },
      [
        { name: 'a', value: 1 },
        { name: 'b', value: null },
      ],
    ]) {
      const run = await runOf('echo', { inputs, file_ids: [fileId] });

      expect(run.body.file_ids).toEqual([fileId]);
      expect(run.body.outputs).toEqual([
        { name: 'run_id', value: run.body.id },
        { name: 'workspace_id', value: platform.demo.workspaceId },
        { name: 'name', value: 'Invoice 42' },
        { name: 'inputs', value: { a: 1, b: null } },
        {
          name: 'files',
          value: [
            {
              id: fileId,
              name: 'notes é.txt',
              bucket: 'local',
              key: expect.stringContaining(fileId),
              size: 5,
            },
          ],
        },
      ]);
    }
  });

  it('200: outputs of any name are shown, and cannot hide their run or its list', async () => {
    const run = await runOf('names');

    expect(run).toMatchObject({ status: 200, body: { status: 'Succeeded' } });
    expect(run.body.outputs).toEqual([
      { name: 'output', value: 1 },
      { name: 'k'.repeat(1000), value: 2 },
    ]);
    const list = await platform.call('GET', `/runs?agent_id=${agent}&process_id=${run.body.process_id}`);
    expect(list).toMatchObject({ status: 200, body: { items: [{ id: run.body.id }] } });
  });

  it.each(['', 'k'.repeat(1001)])(
    '400: an input of a name that none may have, in both spellings',
    async (name) => {
      for (const inputs of [{ [name]: 1 }, [{ name, value: 1 }]])
        expect((await post({ inputs })).status).toBe(400);
    },
  );

  it('201: AWS allows 256 KB a payload: inputs of 300 KB are taken, and where they are is passed on', async () => {
    const run = await runOf('echo', { inputs: { text: 'x'.repeat(300_000) } });

    const outputs = Object.fromEntries(
      run.body.outputs.map(({ name, value }: { name: string; value: unknown }) => [name, value]),
    );
    expect(outputs).toMatchObject({ inputs: {}, inputs_ref: { bucket: 'local' } });
    const stored = await platform.platform.files.head(outputs.inputs_ref.key);
    expect(stored?.size).toBeGreaterThan(300_000);

    const reviewed = await post({ inputs: { order_id: 'A1', note: 'x'.repeat(300_000) } });
    expect((await ended(reviewed.body.id)).body.status).toBe('Succeeded');
  });

  it('201: reviews the lines of an order: parallel branches, a map, and a catch for a bad one', async () => {
    const lines = [
      { sku: 'A', quantity: 2, unit_price: 3.5 },
      { sku: 'B', quantity: 0, unit_price: 1 },
    ];
    const created = await post({ inputs: { order_id: 'A1', customer_id: 'C9', lines } });

    expect((await ended(created.body.id)).body.outputs).toEqual([
      { name: 'order_id', value: 'A1' },
      { name: 'decision', value: 'needs_review' },
      { name: 'total_items', value: 2 },
      { name: 'total_amount', value: 7 },
      { name: 'rejected_lines', value: [{ line: 2, reason: 'Line 2: the quantity is not above 0.' }] },
      { name: 'customer_id', value: 'C9' },
    ]);
  });

  it('201: totals the invoice of a spreadsheet; one that cannot be read fails with a reason', async () => {
    const good = await upload('invoice.xlsx', await aWorkbook());
    const bad = await upload('invoice.xlsx', 'no workbook');

    const totals = await runOf('invoice-totals', { file_ids: [good] });
    const failed = await runOf('invoice-totals', { file_ids: [bad] });

    expect(totals.body.outputs).toEqual([
      { name: 'total_items', value: 42 },
      { name: 'total_amount', value: 126.5 },
      { name: 'customer_id', value: '9nvx1hdm9bd74rp585oe81t5i' },
    ]);
    expect(failed.body).toMatchObject({ status: 'Failed', outputs: null });
    expect((await closedLogOf(failed.body.id)).at(-1)).toMatchObject({
      event: 'run.complete',
      message: expect.stringContaining('its content is no workbook'),
      data: { error_code: 'unreadable_file' },
    });
  });

  it('201: calls functions of this repository as the Lambda integration does', async () => {
    const run = await runOf('invokes', { inputs: { line: 1, sku: 'A', quantity: 3, unit_price: 2 } });

    expect(run.body.outputs).toEqual([{ name: 'amount', value: 6 }]);
  });

  it('201: runs a workflow in JSONata', async () => {
    const run = await runOf('jsonata', { inputs: { n: [1, 2, 3] } });

    expect(run.body.outputs).toEqual([{ name: 'n', value: 12 }]);
  });

  it.each([
    ['text', 'Succeeded', [{ name: 'output', value: 'done' }], undefined],
    ['fails', 'Failed', null, { message: 'Nothing is left', data: { error_code: 'NoStock' } }],
    ['expires', 'TimedOut', null, { data: { status: 'timed_out' } }],
    ['larger', 'Failed', null, { data: { error_code: 'States.DataLimitExceeded' } }],
  ])('201: the workflow %s ends as %s', async (name, status, outputs, last) => {
    const run = await runOf(name);

    expect(run.body).toMatchObject({ status, outputs });
    if (last !== undefined) expect((await closedLogOf(run.body.id)).at(-1)).toMatchObject(last);
  });

  it('201: a workflow that no longer fits fails its run at once, and says why', async () => {
    const file = join(folder, 'changes.asl.json');
    await writeFile(file, JSON.stringify(WORKFLOWS.echo));
    const process_id = await processOf('changes');
    await writeFile(file, JSON.stringify(WORKFLOWS.stranger));

    const created = await post({ process_id });

    expect(created.status).toBe(201);
    expect((await ended(created.body.id)).body).toMatchObject({ status: 'Failed', outputs: null });
    expect((await eventsOf(created.body.id)).at(-1)).toMatchObject({
      message: expect.stringContaining('their-own'),
      data: { error_code: 'not_started' },
    });
  });

  it('201: outputs as large as Step Functions lets them be are read back, alone and in a list', async () => {
    const run = await runOf('large');
    const list = await platform.call('GET', `/runs?agent_id=${agent}&process_id=${run.body.process_id}`);

    expect(run.body.outputs).toEqual([
      { name: 'text', value: 'x'.repeat(262_000) },
      { name: 'n', value: 1 },
    ]);
    expect(list.body.items).toEqual([run.body]);
  });

  it('201: a repeated Idempotency-Key is the same run, however many come at once; with another body 400', async () => {
    const headers = { 'idempotency-key': 'order-77' };
    const process_id = await processOf('echo');

    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ process_id }, { headers })));
    const again = await post({ process_id }, { headers });
    const other = await post({ process_id, name: 'Other' }, { headers });

    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(again).toMatchObject({ status: 201, body: { id: made[0]?.body.id, status: 'Created' } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(other).toMatchObject({
      status: 400,
      body: { status_code: 400, details: [{ field: 'Idempotency-Key' }] },
    });
  });

  it.each([
    ['a stage in the wrong case', { stage: 'draft' }, 'stage'],
    ['a name of no characters', { name: '' }, 'name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
    ['an agent id of 27 characters', { agent_id: 'a'.repeat(27) }, 'agent_id'],
    ['a process id with a space', { process_id: 'a b' }, 'process_id'],
    ['no process id', { process_id: undefined }, 'process_id'],
    ['inputs that are text', { inputs: 'x' }, 'inputs'],
    [
      'an input given twice',
      {
        inputs: [
          { name: 'a', value: 1 },
          { name: 'a', value: 2 },
        ],
      },
      'inputs[1].name',
    ],
    ['file ids that are text', { file_ids: 'x' }, 'file_ids'],
    ['101 files', { file_ids: Array.from({ length: 101 }, () => 'x') }, 'file_ids'],
  ])('400: %s', async (_what, more, field) => {
    const answer = await post(more);

    expect(answer).toMatchObject({
      status: 400,
      body: { status_code: 400, message: 'Invalid input values' },
    });
    expect(answer.body.details.map((detail: { field: string }) => detail.field)).toEqual([field]);
  });

  it('400: names every file that was never uploaded, also one that was only announced', async () => {
    const { body: announced } = await platform.call('POST', '/files', { json: { file_name: 'a.txt' } });
    const kept = await upload('b.txt', 'b');
    const file_ids = ['s3://bucket/path/to/uploaded-file.pdf', kept, announced.id];

    const answer = await post({ file_ids });

    expect(answer.status).toBe(400);
    expect(answer.body.details).toEqual([
      {
        field: 'file_ids[0]',
        message: "The file 's3://bucket/path/to/uploaded-file.pdf' was never uploaded",
      },
      { field: 'file_ids[2]', message: `The file '${announced.id}' was never uploaded` },
    ]);
  });

  it('400 before 404, and 401 before both', async () => {
    expect((await post({ agent_id: 'nobody', name: '' })).status).toBe(400);
    expect((await post({ agent_id: 'nobody', name: '' }, { key: null })).status).toBe(401);
    expect(await post({}, { key: 'x.y' })).toMatchObject({
      body: { status_code: 401, message: 'access not permitted' },
    });
  });

  it.each([
    ['agent', { agent_id: 'nobody' }],
    ['process', { process_id: 'nothing' }],
  ])('404: an unknown %s', async (_what, more) => {
    expect(await post(more)).toMatchObject({
      status: 404,
      body: { status_code: 404, message: 'A referenced resource was not found' },
    });
  });

  it('404: a process without the asked stage, and one of another workspace', async () => {
    const process_id = await processOf('echo');

    expect(await post({ process_id, stage: 'Published' })).toMatchObject({
      status: 404,
      body: { details: [{ field: 'stage', message: 'The process has no stage Published' }] },
    });
    expect((await post({ process_id }, { key: platform.demo.otherApiKey })).status).toBe(404);
  });
});

describe('GET /runs', () => {
  const list = (query: Record<string, unknown>, call: object = {}) =>
    platform.call(
      'GET',
      `/runs?${new URLSearchParams({ agent_id: agent, ...(query as Record<string, string>) })}`,
      call,
    );

  it('200: 250 runs, each once and newest first, while new ones arrive', async () => {
    const { body } = await register('paged', { state_machine_arn: localMachineArn('echo') });
    const started = (count: number) =>
      Promise.all(Array.from({ length: count }, () => post({ process_id: body.id })));
    for (let batch = 0; batch < 10; batch += 1) await started(25);
    const seen: string[] = [];
    for (let token: string | null | undefined; token !== null; ) {
      const page = await list({
        process_id: body.id,
        limit: 40,
        ...(token === undefined ? {} : { continuation_token: token }),
      });
      seen.push(...page.body.items.map(({ id }: { id: string }) => id));
      token = page.body.continuation_token;
      if (token !== null) await started(3);
    }

    expect(seen).toHaveLength(250);
    expect(new Set(seen).size).toBe(250);
    expect(seen.toSorted().reverse()).toEqual(seen);
  });

  it('200: one stage only, ten at a time unless asked, null at the end; both members always there', async () => {
    const { body } = await register('staged', { state_machine_arn: localMachineArn('echo') });
    await register('staged', { stage: 'Published', state_machine_arn: localMachineArn('echo') });
    expect((await list({ process_id: body.id })).body).toEqual({ continuation_token: null, items: [] });
    for (let index = 0; index < 11; index += 1)
      for (const stage of ['Draft', 'Published']) await post({ process_id: body.id, stage });

    const first = await list({ process_id: body.id, stage: 'Draft' });
    const last = await list({
      process_id: body.id,
      stage: 'Draft',
      continuation_token: first.body.continuation_token,
    });

    expect([first.body.items.length, last.body.items.length]).toEqual([10, 1]);
    expect([...first.body.items, ...last.body.items].every(({ stage }) => stage === 'Draft')).toBe(true);
    expect(last.body.continuation_token).toBeNull();

    const token = first.body.continuation_token;
    const foreign = [
      await list({ process_id: body.id, continuation_token: token }),
      await list({ process_id: body.id, stage: 'Published', continuation_token: token }),
      await list({ process_id: process, stage: 'Draft', continuation_token: token }),
      await list({ process_id: body.id, stage: 'Draft', continuation_token: `${token}x` }),
      await list({ process_id: body.id, stage: 'Draft', continuation_token: 'nonsense' }),
    ];
    for (const answer of foreign) {
      expect(answer).toMatchObject({ status: 400, body: { details: [{ field: 'continuation_token' }] } });
    }
  });

  it.each(['0', '101', 'x', '1.5'])('400: a limit of %s', async (limit) => {
    expect(await list({ process_id: process, limit })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'limit' }] },
    });
  });

  it('400: no process, no agent, a stage in the wrong case', async () => {
    expect((await platform.call('GET', '/runs')).body.details).toHaveLength(2);
    expect((await list({ process_id: process, stage: 'published' })).status).toBe(400);
  });

  it('404: an unknown process or agent, or one of another workspace', async () => {
    const message = 'The specified process or agent was not found';
    for (const answer of [
      await list({ process_id: 'nothing' }),
      await list({ process_id: process, agent_id: 'nobody' }),
      await list({ process_id: 'a b' }),
      await list({ process_id: process }, { key: platform.demo.otherApiKey }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { status_code: 404, message } });
    }
  });
});

describe('GET /runs/{run_id}', () => {
  it('404: no such run, no such id, and a run of another workspace or API', async () => {
    const { id } = (await post()).body;
    const message = 'The specified run was not found';
    for (const answer of [
      await get('00000000000000000000000000'),
      await get(`${id}0`),
      await get(id.toUpperCase()),
      await get(fromShortId(id) ?? ''),
      await get('a%20b'),
      await get(id, { key: platform.demo.otherApiKey }),
      await platform.call('GET', `/runs/${id}/events`, { key: platform.demo.otherApiKey }),
      await platform.call('POST', `/runs/${id}/cancel`, { key: platform.demo.otherApiKey }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { status_code: 404, message } });
    }
    expect((await platform.call('GET', `runs/${fromShortId(id)}`)).status).toBe(404);
  });

  it('answers the same below /v2, and says no there in the same words', async () => {
    const created = await platform.call('POST', '/v2/runs', {
      json: { agent_id: agent, process_id: await processOf('echo'), name: 'v2', stage: 'Draft' },
    });
    const run = await ended(created.body.id);

    expect((await platform.call('GET', `/v2/runs/${run.body.id}`)).body).toEqual(run.body);
    expect((await platform.call('GET', '/v2/health')).body).toEqual({ status: 'OK' });
    expect((await platform.call('DELETE', '/v2/runs')).body).toMatchObject({ status_code: 405 });
  });
});

describe('POST /runs/{run_id}/cancel', () => {
  it('200: a run that waits is cancelled at once, 409 when it has ended', async () => {
    const created = await post({ process_id: await processOf('waits') });
    await reaches(created.body.id, 'Running');

    const cancelled = await platform.call('POST', `/runs/${created.body.id}/cancel`);

    expect(cancelled).toMatchObject({ status: 200, body: { status: 'Cancelled', outputs: null } });
    expect(await platform.call('POST', `/runs/${created.body.id}/cancel`)).toMatchObject({
      status: 409,
      body: { status_code: 409, message: 'The run has ended already: it is Cancelled' },
    });
    expect((await closedLogOf(created.body.id)).at(-1)).toMatchObject({
      event: 'run.complete',
      message: 'Run cancelled by user',
    });
  });

  it('an execution that somebody stops elsewhere ends its run as Cancelled', async () => {
    const created = await post({ process_id: await processOf('waits') });
    await reaches(created.body.id, 'Running');
    const runId = fromShortId(created.body.id) ?? '';
    const ref = { workspaceId: platform.demo.workspaceId, kind: 'process', runId } as const;
    const run = await platform.platform.runs.get(ref);
    if (run === undefined) throw new Error('The run is gone');

    await platform.platform.executor.stop(run, 'Wrong customer');

    expect((await ended(created.body.id)).body.status).toBe('Cancelled');
    expect((await closedLogOf(created.body.id)).at(-1).message).toContain('Wrong customer');
  });
});

describe('processes', () => {
  it('are listed by stage, page by page, and read by id', async () => {
    const agent_id = 'pages_agent-1';
    for (const name of ['one', 'two', 'three'])
      for (const stage of ['Draft', 'Published'])
        await register(name, { agent_id, stage, state_machine_arn: localMachineArn('echo') });
    const seen: { id: string; stage: string }[] = [];
    for (let token = ''; ; ) {
      const query = new URLSearchParams({ agent_id, limit: '1', continuation_token: token });
      const page = await platform.call('GET', `/processes?${query}`);
      seen.push(...page.body.items);
      if (page.body.continuation_token === null) break;
      token = page.body.continuation_token;
    }

    expect(new Set(seen.map(({ id, stage }) => `${id} ${stage}`)).size).toBe(6);
    expect(seen).toHaveLength(6);
    const [first] = seen;
    expect((await platform.call('GET', `/processes/${first?.id}?agent_id=${agent_id}`)).body).toEqual({
      ...first,
      stage: 'Published',
    });
  });

  it('404: an unknown agent or process', async () => {
    const message = 'The specified process or agent was not found';
    for (const path of ['/processes?agent_id=nobody', `/processes/${process}?agent_id=nobody`])
      expect(await platform.call('GET', path)).toMatchObject({ status: 404, body: { message } });
  });

  it('are registered once, however often; runs keep the machine they were started on', async () => {
    const [first, second] = await Promise.all([
      register('twice', { state_machine_arn: localMachineArn('echo') }),
      register('twice', { state_machine_arn: localMachineArn('echo') }),
    ]);

    expect(first.status).toBe(201);
    expect(second.body.id).toBe(first.body.id);
  });

  it.each([
    ['no ARN', { state_machine_arn: 'order-review' }, 'state_machine_arn'],
    [
      'an ARN of a function',
      { state_machine_arn: 'arn:aws:lambda:x:123456789012:function:y' },
      'state_machine_arn',
    ],
    ['a stage in the wrong case', { stage: 'DRAFT' }, 'stage'],
  ])('400: %s', async (_what, more, field) => {
    expect(await register('bad', more)).toMatchObject({ status: 400, body: { details: [{ field }] } });
  });

  it.each([
    [
      'stranger',
      /calls the function their-own, which is not there\. To have it, make .*functions\/their-own\.mjs.*stranger\.mocks\.json may say/,
    ],
    ['nowhere', /^There is no workflow nowhere\.asl\.json in /],
    ['broken', /broken\.asl\.json is not JSON/],
    [
      'empty',
      /empty\.asl\.json cannot run here\. It is no state machine, which is an object with StartAt and States/,
    ],
    ['distributed', /is a distributed Map, which runs on AWS only/],
    ['document', /a machine of the platform's own/],
  ])('400: a machine that cannot be run: %s', async (name, reason) => {
    await writeFile(join(folder, 'broken.asl.json'), '{');
    await writeFile(join(folder, 'empty.asl.json'), 'null');
    const ItemProcessor = { ...WORKFLOWS.echo, ProcessorConfig: { Mode: 'DISTRIBUTED' } };
    await writeFile(
      join(folder, 'distributed.asl.json'),
      JSON.stringify({ StartAt: 'Each', States: { Each: { Type: 'Map', ItemProcessor, End: true } } }),
    );

    expect(await register(name)).toMatchObject({
      status: 400,
      body: { details: [{ field: 'state_machine_arn', message: expect.stringMatching(reason) }] },
    });
  });

  it('403: are registered by owners only', async () => {
    const { token } = await createKey(platform.platform, {
      workspaceId: platform.demo.workspaceId,
      name: 'Member',
      role: 'member',
      owner: { id: platform.platform.newId(), email: 'member@runplane.example' },
    });

    expect((await register('theirs', {}, { key: token })).status).toBe(403);
    expect((await post({ process_id: await processOf('echo') }, { key: token })).status).toBe(201);
  });
});

describe('POST /files', () => {
  it('201: a form whose upload answers 204; the name is cleaned', async () => {
    const { status, body } = await platform.call('POST', '/files', {
      json: { file_name: '../a/b\u0000.pdf' },
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{26}$/),
      file_name: 'b.pdf',
      upload_url: expect.stringContaining('http'),
      upload_http_method: 'POST',
      upload_http_headers: {},
      upload_fields: expect.objectContaining({ key: expect.any(String) }),
    });

    for (const file_name of ['..', '.', 'a/..', '\u0000.']) {
      const { body } = await platform.call('POST', '/files', { json: { file_name } });
      expect(body.file_name).toBe('file');
    }
  });

  it('400: a name of 0 or 257 characters; 404: an unknown agent', async () => {
    for (const file_name of ['', 'x'.repeat(257)])
      expect((await platform.call('POST', '/files', { json: { file_name } })).status).toBe(400);
    expect(
      (await platform.call('POST', '/files', { json: { file_name: 'a', agent_id: 'nobody' } })).status,
    ).toBe(404);
  });

  it('a file that a run has named stays as it was, whoever still has the form', async () => {
    const { body: form } = await platform.call('POST', '/files', { json: { file_name: 'a.txt' } });
    const send = async (content: string) => {
      const fields = new FormData();
      for (const [field, value] of Object.entries(form.upload_fields)) fields.set(field, String(value));
      fields.set('file', new Blob([content]), 'a.txt');
      return (await fetch(form.upload_url, { method: 'POST', body: fields })).status;
    };
    expect(await send('first')).toBe(204);
    const before = await runOf('echo', { file_ids: [form.id] });
    expect(await send('second, and longer')).toBe(204);
    const after = await runOf('echo', { file_ids: [form.id] });

    const sizeOf = ({ body }: Answer) => body.outputs.at(-1).value[0].size;
    expect([sizeOf(before), sizeOf(after)]).toEqual([5, 5]);
  });
});

describe('a key of one agent', () => {
  it('works for its agent, sees nothing of others, starts nothing there and opens nothing else', async () => {
    const process_id = await processOf('echo');
    const { body: other } = await register('echo', { agent_id: 'other-agent' });
    const key = await scopedKey(agent);
    const ownRun = await post({ process_id }, { key });
    const otherRun = await post({ agent_id: 'other-agent', process_id: other.id });
    const shared = await upload('shared.txt', 'x');

    expect(ownRun.status).toBe(201);
    expect((await get(ownRun.body.id, { key })).status).toBe(200);
    expect((await post({ agent_id: 'other-agent', process_id: other.id }, { key })).status).toBe(404);
    expect((await post({ process_id, file_ids: [shared] }, { key })).status).toBe(400);
    expect((await get(otherRun.body.id, { key })).status).toBe(404);
    for (const path of [
      `/runs?agent_id=other-agent&process_id=${other.id}`,
      '/processes?agent_id=other-agent',
    ])
      expect((await platform.call('GET', path, { key })).status).toBe(404);
    expect((await platform.call('GET', 'runs', { key })).status).toBe(403);
    expect((await register('echo', {}, { key })).status).toBe(403);
    const { items } = (await platform.call('GET', `/runs?agent_id=other-agent&process_id=${other.id}`)).body;
    expect(items).toHaveLength(1);
  });

  it('uploads for its agent without saying so', async () => {
    const key = await scopedKey(agent);
    const { body: form } = await platform.call('POST', '/files', { json: { file_name: 'a.txt' }, key });
    const fields = new FormData();
    for (const [field, value] of Object.entries(form.upload_fields)) fields.set(field, String(value));
    fields.set('file', new Blob(['a']), 'a.txt');
    await fetch(form.upload_url, { method: 'POST', body: fields });

    const answer = await post({ process_id: await processOf('echo'), file_ids: [form.id] }, { key });

    expect(answer.status).toBe(201);
  });
});
