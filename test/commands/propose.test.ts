import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typing } from './terminal.ts';

const type = typing();
let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propose-'));
  await writeFile(at('stock.csv'), 'SKU;Qty;When\nA-1;2;13.04.2024\nA-2;3;14.04.2024\nA-3;4;15.04.2024\n');
  await writeFile(at('bad.xlsx'), 'no workbook');
});
afterAll(() => rm(folder, { recursive: true }));

describe('runplane config propose', () => {
  it('shows why, and writes a definition that is then taken', async () => {
    const { code, out, err } = await type('config', 'propose', at('stock.csv'), '--out', at('stock.json'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /table A1:C4\n {6}A {2}sku +string +SKU +.*\n {6}B {2}qty +integer +Qty .*\n {6}C {2}when +date +When .*the day stands before the month/,
    );
    expect(out).toMatch(/3 fields\. The definition is in \S+stock\.json: .*\n$/);
    expect(JSON.parse(await readFile(at('stock.json'), 'utf8'))).toMatchObject({
      fields: [{ name: 'sku' }, { name: 'qty', dtype: 'integer' }, { name: 'when', dtype: 'date' }],
    });
  });

  it('2: overwrites nothing', async () => {
    await writeFile(at('mine.json'), '{}');
    expect(await type('config', 'propose', at('stock.csv'), '--out', at('mine.json'))).toEqual({
      ...{ code: 2, out: '' },
      err: `${at('mine.json')} is there already, and is left as it is: name another.\n`,
    });
  });

  it('says the whole proposal in JSON', async () => {
    const { out } = await type('config', 'propose', at('stock.csv'), '--json');
    expect(JSON.parse(out)).toMatchObject({ documents: [{ documentId: at('stock.csv') }], findings: [] });
  });

  it.each([
    ['a file that cannot be read', () => [at('bad.xlsx')], 1, 'its content is no workbook'],
    ['a file that is not there', () => [at('no.csv')], 1, 'There is no such file'],
    ['nothing', () => [], 2, 'The file is missing'],
    ['files and documents', () => [at('stock.csv'), '--document', 'x'], 2, 'and not both'],
    [
      'another way to find tables',
      () => [at('stock.csv'), '--tables', 'all'],
      2,
      '--tables must be regions or ade',
    ],
  ])('refuses %s', async (_, words, code, says) => {
    const refused = await type('config', 'propose', ...words());
    expect(refused).toMatchObject({ code, err: expect.stringContaining(says) });
  });
});
