import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutput } from '../golden/read-output.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

const put = (name: string, content: string | Uint8Array, part = 'file') => {
  const form = new FormData();
  form.set(part, new Blob([content]), `${name}.csv`);
  return platform.call('PUT', `lists/${name}`, { body: form });
};
const names = async () =>
  (await platform.call('GET', 'lists')).body.items.map(({ name }: { name: string }) => name);

const definition = (list = 'cities') => ({
  fields: [
    {
      name: 'city',
      headerTokenSets: [['city']],
      transforms: [{ lookup: { list, similarity: 0.8 } }],
      validators: [{ reference: { list } }],
    },
  ],
});
const draft = async (of: object): Promise<string> => {
  const { status, body } = await platform.call('POST', 'configurations', {
    json: { name: 'Cities', definition: of },
  });
  expect(status).toBe(201);
  return body.id;
};
const processed = async (configurationId: string) => {
  const document = await platform.upload(`${configurationId}.csv`, 'City,Nr\nCologne,1\nParis,2\n', {
    run_options: '{"dry_run":true}',
  });
  const { body } = await platform.call('POST', 'runs', {
    json: { inputDocumentId: document.body.id, configurationId },
  });
  return (await platform.waitFor(body.id)).body;
};

describe('PUT /lists/{name}', () => {
  it('200: is counted, listed by name, and replaced', async () => {
    const created = await put('cities', 'Köln,Cologne,CGN\nBerlin\n');
    await put('bands', 'ABBA\n');

    expect(created).toMatchObject({ status: 200, body: { name: 'cities', count: 2 } });
    expect(await platform.call('GET', 'lists')).toMatchObject({
      status: 200,
      body: {
        items: [
          { name: 'bands', count: 1 },
          { name: 'cities', count: 2 },
        ],
      },
    });
    expect((await put('cities', 'Köln;Cologne\nBerlin\nHamburg\n')).body).toEqual({
      name: 'cities',
      count: 3,
    });
    expect((await platform.call('GET', 'lists/cities')).body).toEqual({ name: 'cities', count: 3 });
  });

  it('422: says what is wrong with the file, in which row, and keeps the list that is there', async () => {
    await put('cities', 'Köln\n');
    const refused = await put('cities', 'a,x\nb,x\n');

    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('Row 2: \\"x\\" stands for \\"a\\" already (row 1)');
    expect((await put('cities', '')).status).toBe(422);
    expect((await put('cities', 'a', 'list')).status).toBe(422);
    expect((await platform.call('GET', 'lists/cities')).body.count).toBe(1);
  });

  it('422: a name that cannot be one', async () => {
    expect((await put('no%20name', 'a\n')).status).toBe(422);
  });

  it('200: a hundred thousand values, and no more', async () => {
    const rows = Array.from({ length: 100_000 }, (_, no) => `value ${no}\n`);

    expect((await put('many', rows.join(''))).body).toEqual({ name: 'many', count: 100_000 });
    expect((await put('many', `${rows.join('')}one more\n`)).status).toBe(422);
  });

  it('413: a file that is too large', async () => {
    expect((await put('large', Buffer.alloc(9_000_000, 'a\n'))).status).toBe(413);
  });

  it('200: of callers at the same time one is the last', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((count) => put('busy', 'a\nb\nc\nd\n'.slice(0, count * 2))),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await platform.call('GET', 'lists/busy')).body.count).toBeLessThanOrEqual(4);
  });
});

describe('DELETE /lists/{name}', () => {
  it('204: and then it is not there', async () => {
    await put('gone', 'a\n');

    expect((await platform.call('DELETE', 'lists/gone')).status).toBe(204);
    expect((await platform.call('GET', 'lists/gone')).status).toBe(404);
    expect((await platform.call('DELETE', 'lists/gone')).status).toBe(404);
    expect(await names()).not.toContain('gone');
  });
});

describe('a configuration that names a list', () => {
  it('writes its values, and tells what is not in it', async () => {
    await put('cities', 'Köln,Cologne\n');
    const run = await processed(await draft(definition()));

    const output = await platform.call('GET', `runs/${run.id}/output/download`);

    expect(run.status).toBe('succeeded');
    expect(readOutput(output.bytes).sheets[0]?.rows.map(([city]) => city)).toEqual(['city', 'Köln', 'Paris']);
    const log = await platform.call('GET', `runs/${run.id}/events/download`);
    expect(log.body).toContain('"code":"reference"');
  });

  it('422: is not published while the list is not there, and says what it may be called', async () => {
    await put('cities', 'Köln\n');
    const id = await draft(definition('citis'));

    const checked = await platform.call('POST', `configurations/${id}/validate`);
    const published = await platform.call('POST', `configurations/${id}/publish`);

    expect(checked.body.errors).toEqual([
      {
        path: 'fields[0].transforms[0].lookup.list',
        message: 'There is no list "citis" in this workspace: did you mean "cities"?',
        code: 'list_not_found',
      },
      expect.objectContaining({ path: 'fields[0].validators[0].reference.list' }),
    ]);
    expect(published.status).toBe(422);
  });

  it('fails a run with a sentence when the list is gone', async () => {
    await put('cities', 'Köln\n');
    const id = await draft(definition());
    await platform.call('DELETE', 'lists/cities');

    expect(await processed(id)).toMatchObject({
      status: 'failed',
      failure_code: 'list_not_found',
      failure_message: expect.stringContaining('There is no list "cities" in this workspace'),
    });
  });
});
