import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/asl/process-machines.ts';
import { DEFAULT_CONFIGURATION } from '../../lib/spreadsheets/index.ts';
import { typing } from '../commands/terminal.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** Waits as long as its input says, and fails if that says so. */
const WAITING = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', SecondsPath: '$.inputs.seconds', Next: 'Decide' },
    Decide: {
      Type: 'Choice',
      Choices: [{ Variable: '$.inputs.fails', BooleanEquals: true, Next: 'Refuse' }],
      Default: 'Accept',
    },
    Refuse: { Type: 'Fail', Error: 'NotApproved', Cause: 'The line is no good' },
    Accept: { Type: 'Pass', Result: { accepted: true }, End: true },
  },
};
/** Longer than any test. */
const LONG = 600;

let platform: TestPlatform;
let folder: string;
let type: ReturnType<typeof typing>;
let processId: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-machines-'));
  await writeFile(join(folder, 'waiting.asl.json'), JSON.stringify(WAITING));
  platform = await startTestPlatform(undefined, { processesFolder: folder });
  type = typing({ environment: { RUNPLANE_DATA: platform.dataFolder } });
  const registered = await type(
    ...['process', 'register', '--agent', 'cli', '--name', 'Waiting', '--stage', 'Draft', '--json'],
    ...['--machine', localMachineArn('waiting')],
  );
  processId = JSON.parse(registered.out).id;
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

const startProcess = async (inputs: Record<string, unknown>): Promise<string> => {
  const json = { agent_id: 'cli', process_id: processId, name: 'Line 1', stage: 'Draft', inputs };
  return (await platform.call('POST', '/runs', { json })).body.id;
};
const startDocument = async (): Promise<string> =>
  (await platform.call('POST', 'runs', { json: { inputDocumentId: platform.demo.documentId } })).body.id;
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('runplane runs, of a workspace', () => {
  it('watches a run to its end, event by event', async () => {
    const id = await startDocument();

    const { code, out, err } = await type('runs', 'tail', id);

    const log = (await platform.call('GET', `runs/${id}/events/download`)).body as string;
    const events = lines(log).map((line) => JSON.parse(line));
    expect([code, err]).toEqual([0, '']);
    expect(lines(out).slice(0, -1)).toEqual(
      events.map(({ timestamp, event, message }) =>
        `${timestamp.slice(11, 19)}  ${event}  ${message === event ? '' : message}`.trimEnd(),
      ),
    );
    expect(lines(out).at(-1)).toMatch(
      new RegExp(
        `^Run ${id} succeeded \\(partial\\) in .+ s: membership-intake_normalized\\.xlsx \\(\\d+ bytes\\)\\.$`,
      ),
    );
  });

  it('gives programs the events as they are, and then the run', async () => {
    const id = await startDocument();

    const { code, out } = await type('runs', 'tail', id, '--json');

    const log = (await platform.call('GET', `runs/${id}/events/download`)).body as string;
    const run = (await platform.call('GET', `runs/${id}`)).body;
    expect(code).toBe(0);
    expect(lines(out).map((line) => JSON.parse(line))).toEqual([
      ...lines(log).map((line) => JSON.parse(line)),
      run,
    ]);
  });

  it('shows how far a run is below its events', async () => {
    const id = await startDocument();
    let screen = '';

    await typing({
      environment: { RUNPLANE_DATA: platform.dataFolder },
      isInteractive: true,
      write: (text) => {
        screen += text;
      },
    })('runs', 'tail', id);

    expect(screen).toContain('\r\u001b[2K░░░░░░░░░░░░░░░░░░░░░░░░ queued, 0.');
    expect(screen).toContain('sheet 1 of 1, ');
    expect(screen).toMatch(/\r\u001b\[2KRun .+ succeeded \(partial\) in .+\.\n$/);
  });

  it('ends with 1 for a run that does not succeed, and says why', async () => {
    const { body } = await platform.upload('broken.xlsx', 'This is no workbook');
    const id = (await platform.call('POST', 'runs', { json: { inputDocumentId: body.id } })).body.id;

    const tailed = await type('runs', 'tail', id);
    const shown = await type('runs', 'get', id);

    const { failure_message: why } = (await platform.call('GET', `runs/${id}`)).body;
    expect(tailed.code).toBe(1);
    expect(lines(tailed.out).at(-1)).toMatch(new RegExp(`^Run ${id} ended failed in .+: `));
    expect(tailed.out).toContain(why.replace(/\.$/, ''));
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain(`failure  ${why}\n`);
  });

  it('lists the newest, and those of a status', async () => {
    const id = await startDocument();
    await platform.waitFor(id);

    const newest = await type('runs', 'list', '--limit', '1');
    const failed = await type('runs', 'list', '--status', 'failed', '--json');

    const { created_at } = (await platform.call('GET', `runs/${id}`)).body;
    expect(newest.out).toBe(`${id}  succeeded (partial)  ${created_at}  membership-intake.xlsx\n`);
    expect(JSON.parse(failed.out).map(({ status }: { status: string }) => status)).toEqual(['failed']);
  });

  it('shows what came of a run', async () => {
    const id = await startDocument();
    const run = (await platform.waitFor(id)).body;

    const { out } = await type('runs', 'get', id);

    expect(lines(out)).toEqual([
      `run      ${id}`,
      'of       membership-intake.xlsx',
      'status   succeeded (partial)',
      `created  ${run.created_at}`,
      expect.stringMatching(/^took {5}\d+\.\d s$/),
      `output   membership-intake_normalized.xlsx (${run.output.size_bytes} bytes)`,
    ]);
  });

  it('does not find a run of nobody', async () => {
    const typed = await type('runs', 'tail', '01a2026d-d4fd-7525-a778-c1613df2bcd4');

    expect(typed).toEqual({
      code: 1,
      out: '',
      err: '404: Run not found: runplane runs list shows those that there are.\n',
    });
  });
});

describe('runplane runs, of a process', () => {
  it('watches the status of a run until it ends', async () => {
    const id = await startProcess({ seconds: 1, fails: false });

    const { code, out } = await type('runs', 'tail', id);

    expect(code).toBe(0);
    expect(lines(out).at(-2)).toMatch(/^\d\d:\d\d:\d\d {2}Succeeded$/);
    expect(lines(out).at(-1)).toBe(`Run ${id} succeeded: accepted.`);
  });

  it('says why a run failed, which only its events tell', async () => {
    const id = await startProcess({ seconds: 0, fails: true });

    const tailed = await type('runs', 'tail', id);
    const again = await type('runs', 'tail', id);

    expect([tailed.code, lines(tailed.out).at(-1)]).toEqual([
      1,
      `Run ${id} ended Failed: The line is no good.`,
    ]);
    expect(again).toEqual({ code: 1, out: `Run ${id} ended Failed: The line is no good.\n`, err: '' });
  });

  it('leaves a run alone when Ctrl-C ends the watching', async () => {
    const id = await startProcess({ seconds: LONG, fails: false });
    const interrupted = new AbortController();

    const typed = await typing({
      environment: { RUNPLANE_DATA: platform.dataFolder },
      interruption: () => interrupted.signal,
      write: () => interrupted.abort(),
    })('runs', 'tail', id);

    expect(typed).toEqual({
      code: 130,
      out: '',
      err: `Stopped watching; run ${id} goes on. runplane runs cancel ${id} would stop it.\n`,
    });
    expect((await platform.call('GET', `/runs/${id}`)).body.status).toMatch(/^(Pending|Running)$/);
    await type('runs', 'cancel', id);
  });

  it('cancels a run once, and lists it', async () => {
    const id = await startProcess({ seconds: LONG, fails: false });

    const cancelled = await type('runs', 'cancel', id);
    const again = await type('runs', 'cancel', id);
    const listed = await type('runs', 'list', '--agent', 'cli', '--process', processId, '--limit', '1');

    expect(cancelled).toEqual({ code: 0, out: `Run ${id} is Cancelled.\n`, err: '' });
    expect(again).toEqual({
      code: 1,
      out: '',
      err: '409: The run has ended already: it is Cancelled.\n',
    });
    expect(listed.out).toMatch(new RegExp(`^${id}  Cancelled  .+Z  Line 1 \\(Draft\\)\\n$`));
  });

  it('cannot list runs of processes by their status', async () => {
    const words = ['runs', 'list', '--agent', 'cli', '--process', processId, '--status', 'Failed'];

    expect(await type(...words)).toEqual({
      code: 2,
      out: '',
      err: "Only a workspace's runs can be listed by their status.\n",
    });
  });
});

describe('runplane runs, of a thread and of an agent', () => {
  it("watches, shows and lists a thread's run, which cannot be cancelled afterwards", async () => {
    const { threadId, workspaceId } = platform.demo;
    const path = `/api/projects/${workspaceId}/threads/${threadId}/runs`;
    const { runId } = (await platform.call('POST', path, { json: { message: 'Hello' } })).body;

    const tailed = await type('runs', 'tail', runId);
    const shown = await type('runs', 'get', runId, '--thread', threadId);
    const listed = await type('runs', 'list', '--thread', threadId);
    const cancelled = await type('runs', 'cancel', runId);

    expect([tailed.code, lines(tailed.out).at(-1)]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^Run ${runId} succeeded in .+ s\\.$`)),
    ]);
    expect(shown.out).toContain(`of       ${threadId}\nstatus   completed\n`);
    expect(listed.out).toMatch(new RegExp(`^${runId}  completed  .+  ${threadId}\\n$`));
    expect(cancelled).toMatchObject({ code: 1, out: '' });
    expect(cancelled.err).toMatch(/^409: .+\.\n$/);
  });

  it("shows and lists an agent's runs, and leaves them to who asked for them", async () => {
    const { agentId } = platform.demo;
    const json = { agent_id: agentId, variables: { user_name: 'Ada', topic: 'runs' } };
    await platform.call('POST', '/api/v1/run', { json });
    const [run] = JSON.parse((await type('runs', 'list', '--agent', agentId, '--json')).out);

    const shown = await type('runs', 'get', run.id, '--agent', agentId);
    const tailed = await type('runs', 'tail', run.id, '--api', 'agent');
    const cancelled = await type('runs', 'cancel', run.id, '--api', 'agent');

    expect(shown.out).toContain(`of       version 1 of ${agentId}\nstatus   succeeded\n`);
    expect(tailed).toMatchObject({ code: 0, out: expect.stringMatching(/^Run .+ succeeded in .+ s\.\n$/) });
    expect(cancelled).toEqual({
      code: 2,
      out: '',
      err: 'A run of an agent ends with its answer: whoever asked for it can hang up.\n',
    });
  });
});

describe('runplane key', () => {
  it('makes a key, shows it once, lists it and revokes it by its prefix', async () => {
    const made = await type('key', 'create', '--name', 'CI', '--role', 'reader', '--expires-in-days', '30');
    const [, key = '', prefix = ''] = /API_KEY="((.+)\..+)"/.exec(made.out) ?? [];
    const used = await typing({ environment: { API_KEY: key } })('agent', 'list', '--url', platform.url);
    const listed = await type('key', 'list');
    const revoked = await type('key', 'revoke', key);
    const after = await type('key', 'list');

    expect(made.out).toMatch(
      /^Made key .+ \(CI, reader, until .+Z\)\.\nexport API_KEY=".+" {3}# shown this once\n$/,
    );
    expect(used).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(new RegExp(`^\\S+  ${prefix}  reader  until \\S+  CI$`, 'm'));
    expect(listed.out).not.toContain(key);
    expect(revoked.out).toMatch(/^Revoked key .+ \(CI\)\. It stops working within a minute\.\n$/);
    expect(revoked.out).not.toContain(key);
    expect(after.out).toMatch(new RegExp(`^\\S+  ${prefix}  reader  revoked \\d{4}-\\d\\d-\\d\\d  CI$`, 'm'));
  });

  it('makes a key that is good for one agent', async () => {
    const { agentId } = platform.demo;

    const made = JSON.parse((await type('key', 'create', '--name', 'One', '--agent', agentId, '--json')).out);
    const listed = await type('key', 'list');

    expect(made).toMatchObject({ agentId, role: 'member', expiresAt: null });
    expect(listed.out).toMatch(new RegExp(`  good +One \\(agent ${agentId}\\)$`, 'm'));
  });

  it('repeats no secret of a key that it does not know', async () => {
    const typed = await type('key', 'revoke', 'nobody.secret');

    expect(typed).toEqual({
      code: 1,
      out: '',
      err: 'There is no key nobody in this workspace: runplane key list names them.\n',
    });
  });
});

describe('runplane member', () => {
  it('lets somebody in, lists them and takes them out', async () => {
    const words = ['member', 'add', '--sub', 'auth0|ada', '--role', 'member', '--email', 'ada@example.com'];

    const added = await type(...words, '--json');
    const { id } = JSON.parse(added.out);
    const listed = await type('member', 'list');
    const removed = await type('member', 'remove', id);
    const after = await type('member', 'list');

    expect(listed.out).toMatch(new RegExp(`^${id}  member  auth0\\|ada +ada@example\\.com$`, 'm'));
    expect(removed).toEqual({ code: 0, out: `Removed member ${id}.\n`, err: '' });
    expect(after.out).not.toContain(id);
  });
});

describe('runplane config publish', () => {
  const write = async (name: string, value: unknown): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, JSON.stringify(value));
    return file;
  };
  const active = async (): Promise<string> =>
    (await platform.call('GET', `/api/v1/workspaces/${platform.demo.workspaceId}`)).body
      .activeConfigurationId;

  it('publishes a file under its own name', async () => {
    const file = await write('members.json', DEFAULT_CONFIGURATION);

    const { code, out } = await type('config', 'publish', '--file', file);

    expect(code).toBe(0);
    expect(out).toBe(
      `Published members (${await active()}): runs that name no configuration go by it from now on.\n`,
    );
  });

  it('publishes a draft that is there, under the name that it has', async () => {
    const draft = (await platform.call('POST', 'configurations', { json: { name: 'Draft' } })).body;

    const { out } = await type('config', 'publish', draft.id, '--json');

    expect(JSON.parse(out)).toMatchObject({ id: draft.id, name: 'Draft', status: 'active' });
    expect(await active()).toBe(draft.id);
  });

  it('publishes nothing that is not valid, and says what is wrong', async () => {
    const before = await active();
    const file = await write('wrong.json', { fields: [{ name: 1 }], colour: 'red' });

    const { code, out, err } = await type('config', 'publish', '--file', file, '--name', 'Wrong');

    const { items } = (await platform.call('GET', 'configurations')).body;
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^The definition is not valid \(.*fields\[0\]\.name: .+\), so nothing was published\.\n$/,
    );
    expect(await active()).toBe(before);
    expect(items.map(({ name }: { name: string }) => name)).not.toContain('Wrong');
  });

  it('publishes a file that has a name, unless another is typed', async () => {
    const definition = { fields: [{ name: 'city', headers: ['City'] }] };
    const file = await write('of-towns.json', { name: 'Towns', definition });

    const own = await type('config', 'publish', '--file', file);
    const typed = await type('config', 'publish', '--file', file, '--name', 'Cities');

    expect(own.out).toMatch(/^Published Towns /);
    expect(typed.out).toMatch(/^Published Cities /);
    expect((await platform.call('GET', `configurations/${await active()}`)).body).toMatchObject({
      name: 'Cities',
      definition,
    });
  });

  it('says which member was meant', async () => {
    const file = await write('slip.json', { nmae: 'Towns', definition: { fields: [] } });
    const lists = await write('lists.json', {
      definition: { fields: [{ name: 'city', validators: [{ reference: { list: 'nowhere' } }] }] },
    });

    expect((await type('config', 'publish', '--file', file)).err).toContain('did you mean "name"?');
    const missing = await type('config', 'publish', '--file', lists);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toContain(
      'fields[0].validators[0].reference.list: There is no list "nowhere" in this workspace',
    );
    const { items } = (await platform.call('GET', 'configurations')).body;
    expect(items.map(({ name }: { name: string }) => name)).not.toContain('lists');
  });

  it('publishes in another workspace what was exported from one', async () => {
    const { otherWorkspaceId, otherApiKey } = platform.demo;
    const out = join(folder, 'exported.json');

    const exported = await type('config', 'export', '--out', out);
    const again = await type('config', 'export', '--out', out);
    const published = await type(
      ...['config', 'publish', '--file', out, '--workspace', otherWorkspaceId, `--key=${otherApiKey}`],
    );

    const printed = JSON.parse((await type('config', 'export')).out);
    expect(exported.out).toContain(`is in ${out}`);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
    expect(published).toMatchObject({ err: '', out: expect.stringContaining(`Published ${printed.name} `) });
    expect(Object.keys(printed)).toEqual(['name', 'definition']);
  });
});

describe('runplane config import', () => {
  it('makes a definition of a table of fields, which can be published', async () => {
    const file = join(folder, 'fields.csv');
    const out = join(folder, 'imported.json');
    await writeFile(file, 'Name,Type,Headers,Required\nqty,integer,Menge|Quantity,ja\nnote,,,\n');

    const imported = await type('config', 'import', file, '--out', out);
    const published = await type('config', 'publish', '--file', out, '--name', 'Imported');

    expect(imported.out).toContain(`2 fields in ${out}`);
    expect(published.out).toMatch(/^Published Imported /);
  });

  it('refuses what it cannot take, with the place and the nearest word', async () => {
    const file = join(folder, 'wrong.csv');
    await writeFile(file, 'name,requierd\nqty,yes\n');
    const types = join(folder, 'types.csv');
    await writeFile(types, 'name,dtype\nqty,intger\n');

    expect(await type('config', 'import', file)).toEqual({
      code: 1,
      out: '',
      err: `${file}: row 1, column 2: There is no column "requierd": did you mean "required"?\n`,
    });
    expect((await type('config', 'import', types)).err).toContain('did you mean "integer"?');
    expect((await type('config', 'import', join(folder, 'none.csv'))).err).toContain('There is no file');
  });
});

describe('runplane doctor, beside a platform', () => {
  it('finds that it is well', async () => {
    const { code, out } = await type('doctor');

    expect(code).toBe(0);
    expect(out).toContain(
      `The platform answers at ${platform.url}.\nok       The key is good for the workspace 'Demo'.\n`,
    );
  });
});

describe('runplane run', () => {
  it('uploads, runs and writes every file, and says which configuration there is not', async () => {
    const inbox = await mkdtemp(join(tmpdir(), 'runplane-inbox-'));
    await writeFile(join(inbox, 'members.csv'), 'First Name,Last Name,Email\nAda,Byron,ada@example.org\n');
    await writeFile(join(inbox, 'bad.xlsx'), 'no workbook');

    const fields = [{ name: 'first_name', headerTokenSets: [['first', 'name']] }];
    const { body } = await platform.call('POST', 'configurations', {
      json: { name: 'Names', definition: { fields } },
    });

    const { code, out, err } = await type('run', inbox, '--json', '--config', body.id);
    const unknown = await type('run', inbox, '--config', 'Nobody');
    const files = await readdir(inbox);
    await rm(inbox, { recursive: true });

    expect({ code, err }).toEqual({ code: 1, err: '' });
    const ends = lines(out).map((line) => JSON.parse(line));
    expect(ends.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      {
        ...{ file: join(inbox, 'bad.xlsx'), runId: expect.any(String), status: 'failed', outcome: null },
        ...{ issues: 0, output: null },
        failure: { code: 'unreadable_file', message: expect.stringContaining('its content is no workbook') },
      },
      {
        ...{
          file: join(inbox, 'members.csv'),
          runId: expect.any(String),
          status: 'succeeded',
          outcome: 'success',
        },
        ...{ issues: 0, output: join(inbox, 'members_normalized.xlsx'), failure: null },
      },
    ]);
    expect(files).toEqual(['bad.xlsx', 'members.csv', 'members_normalized.xlsx']);
    expect(unknown).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining("no configuration 'Nobody'"),
    });
  });

  it('runs by the configuration of a name', async () => {
    const inbox = await mkdtemp(join(tmpdir(), 'runplane-inbox-'));
    await writeFile(join(inbox, 'stock.csv'), 'SKU,Qty\nA-1,?\n');
    const definition = { fields: [{ name: 'qty', headerTokenSets: [['qty']], dtype: 'integer' }] };
    await platform.call('POST', 'configurations', { json: { name: 'Stock', definition } });

    const { code, out } = await type('run', join(inbox, 'stock.csv'), '--config', 'Stock');
    await rm(inbox, { recursive: true });

    expect(code).toBe(3);
    expect(out).toMatch(
      /stock\.csv +succeeded +success +1 +1 .*stock_normalized\.xlsx\n1 file, 1 to look at\.\n$/,
    );
  });
});
