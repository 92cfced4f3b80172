import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutput } from '../golden/read-output.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const UNKNOWN = '018f0000-0000-7000-8000-0000000000ff';
const EMAIL = { name: 'email', headerTokenSets: [['email']] };

const create = async (name: string, definition?: unknown) => {
  const { status, body } = await platform.call('POST', 'configurations', {
    json: { name, ...(definition === undefined ? {} : { definition }) },
  });
  expect(status).toBe(201);
  return body;
};
const get = async (id: string) => (await platform.call('GET', `configurations/${id}`)).body;
const act = (id: string, verb: string, headers: Record<string, string> = {}) =>
  platform.call('POST', `configurations/${id}/${verb}`, { headers });
const patch = (id: string, json: unknown, headers: Record<string, string> = {}) =>
  platform.call('PATCH', `configurations/${id}`, { json, headers });
const statuses = async (): Promise<Record<string, string>> => {
  const { body } = await platform.call('GET', 'configurations?limit=200');
  return Object.fromEntries(body.items.map(({ id, status }: Record<string, string>) => [id, status]));
};
const activeIds = async () =>
  Object.entries(await statuses()).flatMap(([id, status]) => (status === 'active' ? [id] : []));

describe('GET /configurations', () => {
  it('200: newest first, page by page, without definitions', async () => {
    const made = [];
    for (const name of ['One', 'Two', 'Three']) made.push((await create(name)).id);

    const first = await platform.call('GET', 'configurations?limit=2');
    const second = await platform.call('GET', `configurations?limit=2&cursor=${first.body.meta.nextCursor}`);

    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual([made[2], made[1]]);
    expect(first.body.meta).toMatchObject({ limit: 2, hasMore: true });
    expect(second.body.items[0].id).toBe(made[0]);
    expect(first.body.items[0]).not.toHaveProperty('definition');
  });

  it('422: a cursor from nowhere', async () => {
    expect((await platform.call('GET', 'configurations?cursor=nope')).status).toBe(422);
  });
});

describe('POST /configurations', () => {
  it('201: a draft of the default configuration, or of the one given', async () => {
    const { workspaceId } = platform.demo;
    const byDefault = await create('  Mine ');
    const given = await create('Given', { fields: [EMAIL] });

    expect(byDefault).toEqual({
      id: expect.any(String),
      workspaceId,
      name: 'Mine',
      status: 'draft',
      version: 1,
      createdAt: expect.any(String),
      updatedAt: byDefault.createdAt,
      definition: expect.objectContaining({ settings: expect.any(Object) }),
    });
    expect(byDefault.definition.fields).toHaveLength(5);
    expect(await get(given.id)).toMatchObject({ name: 'Given', definition: { fields: [EMAIL] } });
  });

  it.each([
    [{}, 'name', 'missing'],
    [{ name: ' ' }, 'name', 'string_too_short'],
    [{ name: 'x'.repeat(101) }, 'name', 'string_too_long'],
    [{ name: 'A', definition: [] }, 'definition', 'dict_type'],
    [{ name: 'A', status: 'active' }, 'status', 'extra_forbidden'],
  ])('422: %j', async (json, path, code) => {
    expect(await platform.call('POST', 'configurations', { json })).toMatchObject({
      status: 422,
      body: { errors: [{ path, code }] },
    });
  });

  it('422: more patterns than a run takes, in a draft already', async () => {
    const patterns = Array.from({ length: 50 }, () => ({ pattern: '^[a-z]+$' }));
    const fields = Array.from({ length: 40 }, (_, no) => ({ name: `f${no}`, validators: patterns }));
    const json = { name: 'Patterns', definition: { fields } };
    const refused = await platform.call('POST', 'configurations', { json });

    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { path: 'definition.fields', message: expect.stringMatching(/at most 500 .* 2000$/), code: 'too_long' },
    ]);
  });

  it('413: a definition that cannot be kept; 422: one that cannot be walked through', async () => {
    const large = { name: 'Large', definition: { fields: [], x: 'x'.repeat(262_144) } };
    expect((await platform.call('POST', 'configurations', { json: large })).status).toBe(413);

    const nested = (levels: number) =>
      platform.call('POST', 'configurations', {
        body: `{"name":"Deep","definition":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`,
      });
    expect(await nested(100)).toMatchObject({ status: 422, body: { errors: [{ path: 'definition' }] } });
    expect(await nested(100_000)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'json_invalid' }] },
    });
  });
});

describe('PATCH /configurations/{configurationId}', () => {
  it('200: changes what is named, one version later', async () => {
    const draft = await create('Before');

    const renamed = await patch(draft.id, { name: 'After' });
    const redefined = await patch(draft.id, { definition: { fields: [] } });

    expect(renamed.body).toEqual({ ...draft, name: 'After', version: 2, updatedAt: expect.any(String) });
    expect(redefined.body).toMatchObject({ name: 'After', version: 3, definition: { fields: [] } });
    expect(redefined.headers.get('etag')).toBe('"3"');
    expect((await patch(draft.id, {})).body.version).toBe(3);
  });

  it('412: If-Match or version that is not the current one, and nothing changes', async () => {
    const draft = await create('Watched');
    await patch(draft.id, { name: 'Changed' });

    expect(await patch(draft.id, { name: 'Late' }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { type: 'precondition_failed', title: 'Precondition failed' },
    });
    expect((await patch(draft.id, { name: 'Late', version: 1 })).status).toBe(412);
    expect((await patch(draft.id, { name: 'Late' }, { 'if-match': 'nonsense' })).status).toBe(412);
    expect((await act(draft.id, 'publish', { 'if-match': '"1"' })).status).toBe(412);
    expect((await act(draft.id, 'archive', { 'if-match': '"1"' })).status).toBe(412);
    expect((await get(draft.id)).name).toBe('Changed');
    expect((await patch(draft.id, { name: 'Fine', version: 2 }, { 'if-match': 'W/"2"' })).status).toBe(200);
    expect((await patch(draft.id, { name: 'Any' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('412 for all but one of many that change the same version', async () => {
    const draft = await create('Contested');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, no) => patch(draft.id, { name: `Writer ${no}`, version: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  });

  it('404: unknown, and of another workspace; 409: archived', async () => {
    const draft = await create('Old');
    const { otherWorkspaceId, otherApiKey: key } = platform.demo;
    const elsewhere = `/api/v1/workspaces/${otherWorkspaceId}/configurations/${draft.id}`;
    expect((await platform.call('PATCH', elsewhere, { key, json: {} })).status).toBe(404);
    expect(await patch(UNKNOWN, { name: 'X' })).toMatchObject({
      status: 404,
      body: { detail: `Configuration '${UNKNOWN}' not found` },
    });
    await act(draft.id, 'archive');
    expect((await patch(draft.id, { name: 'X' })).status).toBe(409);
  });
});

describe('POST /configurations/{configurationId}/validate', () => {
  it('200: valid', async () => {
    const { body } = await act((await create('Good')).id, 'validate');
    expect(body).toEqual({ valid: true, errors: [] });
  });

  it('200: everything that is wrong, by path, and the same each time', async () => {
    const draft = await create('Bad', {
      settings: { mappingTieResolution: 'random', nope: 1 },
      rowDetectors: { headerTokens: ['Two Words'] },
      fields: [
        { name: 'email', score: 'high', validators: [{ pattern: '(?=look)ahead' }, { message: 'none' }] },
        { name: 'email' },
        { label: 'Nameless', valuePatterns: [{ pattern: '(', score: 1 }] },
      ],
    });

    const first = await act(draft.id, 'validate');

    expect(first.status).toBe(200);
    expect(first.body.valid).toBe(false);
    expect((await act(draft.id, 'validate')).body).toEqual(first.body);
    const found = first.body.errors.map(({ path, code }: Record<string, string>) => [path, code]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['settings.mappingTieResolution', 'enum'],
        ['settings.nope', 'extra_forbidden'],
        ['rowDetectors.headerTokens[0]', 'string_pattern_mismatch'],
        ['fields[0].score', 'number_type'],
        ['fields[0].validators[0].pattern', 'invalid_pattern'],
        ['fields[0].validators[1]', 'value_error'],
        ['fields[2].name', 'missing'],
        ['fields[2].valuePatterns[0].pattern', 'invalid_pattern'],
      ]),
    );
    for (const { message } of first.body.errors) expect(message).not.toBe('');
  });

  it('404: unknown', async () => {
    expect((await act(UNKNOWN, 'validate')).status).toBe(404);
  });
});

describe('POST /configurations/{configurationId}/publish', () => {
  it('200: the draft is active, the one before archived, and runs use it', async () => {
    const [before] = await activeIds();
    const draft = await create('Next', { fields: [EMAIL] });

    const published = await act(draft.id, 'publish');

    expect(published).toMatchObject({
      status: 200,
      body: { id: draft.id, status: 'active', activatedAt: expect.any(String), version: 2 },
    });
    expect(await activeIds()).toEqual([draft.id]);
    expect((await get(before ?? '')).status).toBe('archived');
    expect((await platform.run(platform.demo.documentId)).body.configuration_id).toBe(draft.id);
  });

  it('409: active, archived; 404: unknown', async () => {
    const [active = ''] = await activeIds();
    const archived = await create('Archived');
    await act(archived.id, 'archive');

    for (const id of [active, archived.id]) {
      expect(await act(id, 'publish')).toMatchObject({
        status: 409,
        body: { detail: 'Configuration must be a draft before publishing' },
      });
      expect((await patch(id, { name: 'X' })).status).toBe(409);
    }
    expect((await act(UNKNOWN, 'publish')).status).toBe(404);
  });

  it('422: a draft that is not valid, with what is wrong; it stays a draft', async () => {
    const draft = await create('Broken', { fields: [{ name: '1st' }] });

    expect(await act(draft.id, 'publish')).toMatchObject({
      status: 422,
      body: {
        detail: 'The configuration is not valid',
        errors: [{ path: 'fields[0].name', code: 'string_pattern_mismatch' }],
      },
    });
    expect((await get(draft.id)).status).toBe('draft');
  });

  it('of many at once exactly one is active at the end', async () => {
    const drafts = await Promise.all(Array.from({ length: 8 }, (_, no) => create(`Racer ${no}`)));

    const answers = await Promise.all(drafts.map(({ id }) => act(id, 'publish')));

    expect(answers.map(({ status }) => status)).toEqual(drafts.map(() => 200));
    const active = await activeIds();
    expect(active).toHaveLength(1);
    const { body: workspace } = await platform.call('GET', `/api/v1/workspaces/${platform.demo.workspaceId}`);
    expect(active).toEqual([workspace.activeConfigurationId]);
    const now = await statuses();
    expect(drafts.map(({ id }) => now[id]).sort()).toEqual(['active', ...Array(7).fill('archived')]);
    for (const { id } of drafts) {
      const record = await platform.platform.configurations.get(platform.demo.workspaceId, id);
      expect(record?.status).toBe(now[id]);
    }
  });

  it('a run of operation publish goes by the same rule', async () => {
    const draft = await create('By run', { fields: [EMAIL] });
    const created = await platform.call('POST', 'runs', {
      json: { configurationId: draft.id, options: { operation: 'publish' } },
    });
    expect((await platform.waitFor(created.body.id)).body.status).toBe('succeeded');
    expect(await activeIds()).toEqual([draft.id]);

    const broken = await create('Broken by run', { fields: [{ name: '1st' }] });
    const failing = await platform.call('POST', 'runs', {
      json: { configurationId: broken.id, options: { operation: 'publish' } },
    });
    expect((await platform.waitFor(failing.body.id)).body).toMatchObject({
      status: 'failed',
      failure_code: 'invalid_configuration',
      failure_message: expect.stringContaining('fields[0].name'),
    });
    expect(await activeIds()).toEqual([draft.id]);
  });
});

describe('POST /configurations/{configurationId}/archive', () => {
  it('200, again too; 409 for the active one; 404 for an unknown one', async () => {
    const draft = await create('Done with');
    expect((await act(draft.id, 'archive')).body.status).toBe('archived');
    expect((await act(draft.id, 'archive')).body).toMatchObject({ status: 'archived', version: 2 });

    const [active = ''] = await activeIds();
    expect((await act(active, 'archive')).status).toBe(409);
    expect(await activeIds()).toEqual([active]);
    expect((await act(UNKNOWN, 'archive')).status).toBe(404);
  });
});

describe('a run under a configuration of one’s own', () => {
  const CSV = [
    'Staff No,Contact,Joined,Dept',
    ' a-1 ,ADA@EXAMPLE.COM,31.12.2020,ops',
    'b-2,nobody,,sales',
    ',cy@example.com,01.02.2021,moon',
    '',
  ].join('\n');

  const definition = {
    settings: { writeDiagnosticsColumns: true, removeUnmappedColumns: true },
    rowDetectors: { headerTokens: ['staff', 'contact', 'joined', 'dept'] },
    fields: [
      {
        name: 'staff_no',
        headerTokenSets: [['staff', 'no']],
        transforms: ['trim', { case: 'upper' }],
        validators: [{ required: true, message: 'No staff number' }],
      },
      {
        name: 'email',
        // Nothing in the header says so; the values do.
        valuePatterns: [{ pattern: '[^@ ]+@[^@ ]+', score: 1, minShare: 0.5 }],
        transforms: [{ case: 'lower' }],
        validators: [{ pattern: '^[^@ ]+@[^@ ]+$', message: 'Not an address: {value}' }],
      },
      { name: 'joined', headerTokenSets: [['joined']], transforms: [{ date: { order: 'dmy' } }] },
      {
        name: 'department',
        weakTokenSets: [['dept']],
        transforms: [{ map: { ops: 'Operations', sales: 'Sales' } }],
        validators: [{ oneOf: ['Operations', 'Sales'] }],
      },
    ],
  };

  it('writes what its fields, patterns, transforms and validators make of the document, draft or not', async () => {
    const draft = await create('Staff', definition);
    expect((await act(draft.id, 'validate')).body).toEqual({ valid: true, errors: [] });
    const { body: document } = await platform.upload('staff.csv', CSV);
    const created = await platform.call('POST', 'runs', {
      json: { inputDocumentId: document.id, configurationId: draft.id },
    });

    const { body: run } = await platform.waitFor(created.body.id);

    expect(run).toMatchObject({ status: 'succeeded', configuration_id: draft.id });
    const { bytes } = await platform.call('GET', `runs/${run.id}/output/download`);
    const [sheet] = readOutput(bytes).sheets;
    const [header = [], ...rows] = sheet?.rows ?? [];
    const table = rows.map((row) => Object.fromEntries(row.map((cell, index) => [header[index], cell])));
    expect(table).toEqual([
      {
        staff_no: 'A-1',
        email: 'ada@example.com',
        joined: { date: '2020-12-31T00:00:00' },
        department: 'Operations',
        __ade_issue__staff_no: null,
        __ade_issue__email: null,
        __ade_issue__department: null,
        __ade_has_issues: false,
        __ade_issue_count: 0,
      },
      expect.objectContaining({
        staff_no: 'B-2',
        email: 'nobody',
        joined: null,
        department: 'Sales',
        __ade_issue__email: 'Not an address: nobody',
        __ade_has_issues: true,
        __ade_issue_count: 1,
      }),
      expect.objectContaining({
        staff_no: null,
        email: 'cy@example.com',
        department: 'moon',
        __ade_issue__staff_no: 'No staff number',
        __ade_issue__department: 'department is not an allowed value: moon',
        __ade_issue_count: 2,
      }),
    ]);
    const { body: fields } = await platform.call('GET', `runs/${run.id}/fields`);
    expect(fields.map(({ field, detected }: Record<string, unknown>) => [field, detected])).toEqual([
      ['department', true],
      ['email', true],
      ['joined', true],
      ['staff_no', true],
    ]);
    const { body: metrics } = await platform.call('GET', `runs/${run.id}/metrics`);
    expect(metrics).toMatchObject({ validation_issues_total: 3, field_count_detected: 4 });
  });

  it('fails with a sentence when the draft is not valid', async () => {
    const draft = await create('Unfinished', { fields: 'none yet' });
    const created = await platform.call('POST', 'runs', {
      json: { inputDocumentId: platform.demo.documentId, configurationId: draft.id },
    });

    expect((await platform.waitFor(created.body.id)).body).toMatchObject({
      status: 'failed',
      failure_code: 'invalid_configuration',
    });
  });
});
