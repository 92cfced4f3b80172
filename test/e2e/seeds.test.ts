import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { operations } from '../../lib/apis/index.ts';
import { errorsOf } from '../../lib/apis/operation/operation.ts';
import { type Answer, type Call, startTestPlatform, type TestPlatform } from '../support/platform.ts';

const run = promisify(execFile);
const seed = (name: string): Promise<string> => readFile(new URL(`./seeds/${name}`, import.meta.url), 'utf8');

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

/** Runs a command as a reader of the document would: in a shell that has sourced `demo.env`. */
async function pasted(script: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', `source ${join(platform.dataFolder, 'demo.env')}\n${script}`]);
  return stdout;
}

describe('seed 000, as pasted', () => {
  it('creates a run, polls it to succeeded, reads its output', async () => {
    const document = await seed('000.md');
    const bash = [...document.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    const [, create = '', poll = '', output = ''] = bash;
    const withStatus = (script: string) => script.replace('curl -sS', "curl -sS -w '\\n%{http_code}'");

    const [created = '{}', status] = (await pasted(withStatus(create))).split('\n');
    expect(status).toBe('201');
    const { id } = JSON.parse(created);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    const named = (script: string) => `export RUN_ID="${id}"\n${script.replace(/export RUN_ID=.*\n/, '')}`;
    let polled: { status: string };
    do polled = JSON.parse(await pasted(named(poll)));
    while (['queued', 'running'].includes(polled.status));
    expect(polled.status).toBe('succeeded');

    expect(JSON.parse(await pasted(named(output)))).toMatchObject({ ready: true });
  });
});

/** The rows of seed 001's matrix: method, path, primary status and documented errors. */
async function matrix(): Promise<{ method: string; path: string; status: number; errors: number[] }[]> {
  const rows = (await seed('001.md')).matchAll(
    /^\| `(\w+)` \| `([^`]+)` \| protected \| `(\d+)` \|.*\| ([^|]+) \|$/gm,
  );
  return [...rows].map(([, method = '', path = '', status, errors = '']) => ({
    method,
    path,
    status: Number(status),
    errors: [...errors.matchAll(/\d{3}/g)].map(Number),
  }));
}

describe('seed 001', () => {
  it('every row of the endpoint matrix is an operation with its primary status and errors', async () => {
    const rows = await matrix();
    expect(rows).toHaveLength(17);

    for (const { method, path, status, errors } of rows) {
      const operation = operations.find((one) => one.method === method && one.path === path);
      expect(operation?.success.status, `${method} ${path}`).toBe(status);
      expect(operation && errorsOf(operation), `${method} ${path}`).toEqual(expect.arrayContaining(errors));
    }
  });

  it('every row answers with its primary status, and with 401 to a caller without a key', async () => {
    const { demo, call, run: runToEnd } = platform;
    const { body: done } = await runToEnd(demo.documentId);
    const output = new FormData();
    output.set('file', new Blob(['name\nAda\n']), 'by-hand.csv');
    const bodies: Record<string, Call> = {
      'POST /runs': { json: { inputDocumentId: demo.documentId, options: { activeSheetOnly: true } } },
      'POST /runs/batch': { json: { documentIds: [demo.documentId] } },
      'POST /runs/{runId}/output': { body: output },
    };

    const answered: unknown[] = [];
    const rows = await matrix();
    for (const { method, path } of rows) {
      const relative = path.replace('/api/v1/workspaces/{workspaceId}', '');
      const target = (runId: string) => relative.slice(1).replace('{runId}', runId);
      const sent = bodies[`${method} ${relative}`] ?? {};
      const { status } = relative.endsWith('/cancel')
        ? await cancelled(target)
        : await call(method, target(done.id), sent);
      const anonymous = await call(method, target(done.id), { ...sent, key: null });
      answered.push({ method, path, status, anonymous: anonymous.status });
    }

    expect(answered).toEqual(
      rows.map(({ method, path, status }) => ({ method, path, status, anonymous: 401 })),
    );
  });
});

/** A cancel that came before the end of its run, which is over in a moment: some try does. */
async function cancelled(target: (runId: string) => string): Promise<Answer> {
  const { call, demo } = platform;
  const TRIES = 20;
  for (let tries = 1; ; tries += 1) {
    const created = await call('POST', 'runs', { json: { inputDocumentId: demo.documentId } });
    const answer = await call('POST', target(created.body.id));
    if (answer.status !== 409 || tries === TRIES) return answer;
  }
}

describe('seed 002', () => {
  /** What follows a heading of the document, up to the next one. */
  const section = async (from: string, to: string): Promise<string> => {
    const document = await seed('002.md');
    const start = document.indexOf(from);
    return document.slice(start, document.indexOf(to, start + from.length));
  };
  /** Members are listed as `name`, type and `Required` or `Optional`, run together. */
  const membersOf = (text: string): string[] =>
    [...text.matchAll(/^([a-z_]+?)(?:any of|string)[^\n]*(?:Required|Optional)$/gm)].map(
      ([, name = '']) => name,
    );
  /** The example that stands below a member. */
  const exampleOf = (text: string, member: string): unknown => {
    const below = text.slice(text.search(new RegExp(`^${member}(any of|string)`, 'm')));
    const [, example = ''] = /Example: (.*?)(?:Pattern:.*|Possible values:.*)?$/m.exec(below) ?? [];
    return example.startsWith('[') ? JSON.parse(example) : example;
  };

  it('a run is started with the examples, listed and read, with the members that the document lists', async () => {
    const { call } = platform;
    const start = await section('Start a Run', 'Get Run');
    const [agent_id, name, inputs, stage] = ['agent_id', 'name', 'inputs', 'stage'].map((member) =>
      exampleOf(start, member),
    );
    const registered = await call('POST', '/processes', {
      json: { agent_id, name: 'Invoices', stage, state_machine_arn: localMachineArn('order-review') },
    });
    const { body: file } = await call('POST', '/files', { json: { file_name: 'invoice.pdf' } });
    const form = new FormData();
    for (const [field, value] of Object.entries(file.upload_fields)) form.set(field, String(value));
    form.set('file', new Blob(['%PDF-1.7']), 'invoice.pdf');
    await fetch(file.upload_url, { method: file.upload_http_method, body: form });
    const process_id = registered.body.id;

    const started = await call('POST', '/runs', {
      json: { agent_id, process_id, name, stage, inputs, file_ids: [file.id] },
    });
    const listed = await call(
      'GET',
      `/runs?agent_id=${agent_id}&process_id=${process_id}&limit=10&stage=${stage}`,
    );
    let read: Answer;
    do read = await call('GET', `/runs/${started.body.id}`);
    while (['Created', 'Pending', 'Running'].includes(read.body.status));

    expect(started).toMatchObject({
      status: 201,
      body: {
        agent_id,
        process_id,
        name,
        stage,
        status: exampleOf(await section('Get Run', 'Last updated'), 'status'),
      },
    });
    expect(listed.status).toBe(200);
    expect(Object.keys(listed.body).toSorted()).toEqual(['continuation_token', 'items']);
    expect(listed.body.items).toHaveLength(1);
    expect(read).toMatchObject({ status: 200, body: { status: 'Succeeded', outputs: expect.any(Array) } });
    const response = (await section('The requested run', 'Last updated')).replace(/^[^\n]*\n/, '');
    expect(Object.keys(read.body).toSorted()).toEqual(membersOf(response).toSorted());
  });
});
