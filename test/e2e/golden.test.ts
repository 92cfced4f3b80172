import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const CASES = new URL('../golden/cases/', import.meta.url);

/** Results of the real ADE engine beside the workbooks they are of. */
const workbooks = (await readdir(CASES)).filter((name) => /^[SE]\d+_/.test(name)).sort();

/** ADE reads every text file so; without it they are detected (decision 0012). Workbooks do not ask. */
const AS_ADE = { encoding: 'utf-8', delimiter: ',' };

// This ADE does not say which column it was, why it got its field, what came second and what of it is valid.
const asAde = ({ column_id, mapping_reason, runner_up, valid_cells, ...row }: Record<string, unknown>) => row;

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

describe('golden results, through the API', () => {
  it('finds the cases', () => {
    expect(workbooks.length).toBeGreaterThanOrEqual(25);
  });

  it.each(workbooks)('%s', async (name) => {
    const golden = JSON.parse(await readFile(new URL(`${name.slice(0, 3)}.json`, CASES), 'utf8'));
    const { body: document } = await platform.upload(name, await readFile(new URL(name, CASES)));

    const { body: run } = await platform.run(document.id, { csv: AS_ADE });

    const get = async (path: string) => (await platform.call('GET', `runs/${run.id}/${path}`)).body;
    if (run.status === 'failed') {
      // ADE cannot read this one either, and we say why.
      expect(golden.execution_status).toBe('failed');
      expect(run).toMatchObject({ failure_code: 'unreadable_file', failure_stage: 'read' });
      expect([await get('fields'), await get('columns')]).toEqual([[], []]);
      return;
    }
    expect(run.status).toBe('succeeded');
    // What the run cost is ours alone; the rest is whole.
    const { cost, ...metrics } = await get('metrics');
    expect(metrics).toEqual(golden.metrics);
    expect(cost).toMatchObject({ currency: 'USD', complete: true });
    expect((await get('fields')).map(asAde)).toEqual(golden.fields);
    expect((await get('columns')).map(asAde)).toEqual(golden.columns);
  });
});
