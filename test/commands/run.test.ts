import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read, utils } from 'xlsx';
import { typing } from './terminal.ts';

const type = typing();
let folder = '';
const at = (...path: string[]): string => join(folder, ...path);

const DEFINITION = {
  fields: [
    { name: 'sku', headerTokenSets: [['sku']] },
    { name: 'qty', headerTokenSets: [['qty']], dtype: 'integer' },
  ],
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
  await mkdir(at('in', 'more'), { recursive: true });
  await writeFile(at('stock.json'), JSON.stringify({ name: 'Stock', definition: DEFINITION }));
  await writeFile(at('in', 'good.csv'), 'SKU;Qty\nA-1;2\nA-2;3\n');
  await writeFile(at('in', 'more', 'odd.csv'), 'SKU;Qty\nA-1;?\nA-2;3\n');
});
afterEach(() => rm(folder, { recursive: true }));

const run = async (...words: string[]) => {
  const { code, out, err } = await type('run', ...words, '--local', '--config', at('stock.json'), '--json');
  const lines: Record<string, unknown>[] = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return { code, err, lines };
};
const rowsOf = async (path: string): Promise<unknown[][]> => {
  const { Sheets, SheetNames } = read(await readFile(path));
  return utils.sheet_to_json(Sheets[SheetNames[0] ?? ''] ?? {}, { header: 1 });
};

describe('runplane run --local', () => {
  it('0: writes what comes of a file beside it', async () => {
    const { code, err, lines } = await run(at('in', 'good.csv'));

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const output = at('in', 'good_normalized.xlsx');
    expect(lines).toEqual([
      {
        file: at('in', 'good.csv'),
        runId: null,
        status: 'succeeded',
        outcome: 'success',
        issues: 0,
        output,
        failure: null,
      },
    ]);
    expect(await rowsOf(output)).toEqual([
      ['sku', 'qty'],
      ['A-1', 2],
      ['A-2', 3],
    ]);
    expect(await readdir(at('in'))).toEqual(['good.csv', 'good_normalized.xlsx', 'more']);
  });

  it('3: where a file has issues, and none failed', async () => {
    expect(await run(at('in'), '--out', at('out'))).toMatchObject({
      code: 3,
      lines: [
        { issues: 0, output: at('out', 'good_normalized.xlsx') },
        { issues: 1, output: at('out', 'odd_normalized.xlsx') },
      ],
    });
  });

  it('3: where nothing that was looked for is in a file', async () => {
    await writeFile(at('in', 'other.csv'), 'Colour,Shape\nred,round\n');
    expect(await run(at('in', 'other.csv'))).toMatchObject({
      code: 3,
      lines: [{ outcome: 'failure', issues: 0 }],
    });
  });

  it('1: where a file failed, and goes on with the others', async () => {
    await writeFile(at('in', 'bad.xlsx'), 'no workbook');
    expect(
      await run(at('in', 'bad.xlsx'), at('in', 'nothing.csv'), at('none', '*.csv'), at('in', 'good.csv')),
    ).toEqual({
      code: 1,
      err: '',
      lines: [
        expect.objectContaining({
          status: 'failed',
          output: null,
          failure: expect.objectContaining({ code: 'unreadable_file' }),
        }),
        expect.objectContaining({
          file: at('in', 'nothing.csv'),
          failure: {
            code: 'unreadable_file',
            message: 'There is no such file. Look at its name and at the folder.',
          },
        }),
        expect.objectContaining({ failure: { code: 'not_found', message: 'No file matches the pattern.' } }),
        expect.objectContaining({ status: 'succeeded' }),
      ],
    });
  });

  it('runs no output again that it finds in a folder, but does where it is named', async () => {
    await run(at('in'));
    const again = await run(at('in'));
    expect(again.lines.map(({ file }) => file)).toEqual([at('in', 'good.csv'), at('in', 'more', 'odd.csv')]);
    const named = await run(at('in', 'good_normalized.xlsx'));
    expect(named.lines).toMatchObject([{ output: at('in', 'good_normalized_normalized.xlsx') }]);
  });

  it('lets two files of one name keep their outputs apart, and runs one that is named twice once', async () => {
    await writeFile(at('in', 'good.tsv'), 'SKU\tQty\nB\t9\n');
    const { lines } = await run(at('in', 'good.csv'), at('in', 'good.tsv'), at('in', 'good.csv'));
    expect(lines.map(({ output }) => output)).toEqual([
      at('in', 'good_normalized.xlsx'),
      at('in', 'good_normalized (2).xlsx'),
    ]);
  });

  it('shows people a table, and each event with --watch', async () => {
    const { code, out } = await type(
      ...['run', at('in'), '--local', '--watch', '--config', at('stock.json'), '--out', at('out')],
    );
    expect(code).toBe(3);
    expect(out).toMatch(/good\.csv {2}engine\.run\.started {2}Run started\n/);
    expect(out).toMatch(/FILE +STATUS +OUTCOME +ROWS +ISSUES +TOOK +OUTPUT\n/);
    expect(out).toMatch(
      /odd\.csv +succeeded +success +2 +1 +\d\.\d s +\S+odd_normalized\.xlsx\n2 files, 1 to look at\.\n$/,
    );
  });

  it('130: Ctrl-C stops it, and leaves no half of an output', async () => {
    const stopped = await typing({ interruption: () => AbortSignal.abort() })('run', at('in'), '--local');
    expect(stopped).toMatchObject({ code: 130, out: '', err: 'Stopped after 0 files.\n' });
    expect(await readdir(at('in'))).toEqual(['good.csv', 'more']);
  });

  it.each([
    ['no file', () => ['--local'], 2, 'The file is missing'],
    [
      'a definition that is not there',
      () => [at('in'), '--local', '--config', at('no.json')],
      2,
      'There is no file',
    ],
    ['no platform', () => [at('in')], 2, 'Say where the platform is'],
  ])('refuses %s', async (_, words, code, says) => {
    const refused = await type('run', ...words());
    expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
  });

  it('1: says what is wrong with a definition', async () => {
    await writeFile(at('wrong.json'), JSON.stringify({ fields: [{ name: 'a', dtype: 'text' }] }));
    const { code, err } = await type('run', at('in'), '--local', '--config', at('wrong.json'));
    expect(code).toBe(1);
    expect(err).toContain('fields.0.dtype');
  });

  it('1: says where an output cannot be written', async () => {
    await writeFile(at('file'), 'a file');
    const { code, err } = await type('run', at('in'), '--local', '--out', at('file'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^The output \S+good_normalized\.xlsx could not be written \(E\w+\)\. --out names another folder\.\n$/,
    );
  });
});
