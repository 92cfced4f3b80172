import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utils, write } from 'xlsx';
import { matches } from '../../bin/commands/inspect/pattern.ts';
import { sheetData, workbookBytes } from '../spreadsheets/support/workbook.ts';
import { typing } from './terminal.ts';

const type = typing();
let folder = '';
const at = (...path: string[]): string => [folder, ...path].join('/');

const PEOPLE = 'id;name;born\n1;Jürgen;2024-03-04\n2;Zoë;2024-03-05\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
  await mkdir(at('in', 'more'), { recursive: true });
  await mkdir(at('bare', '.hidden'), { recursive: true });
  await writeFile(at('in', 'people.csv'), PEOPLE, 'latin1');
  await writeFile(at('in', 'tabs.tsv'), 'id\tname\n1\tAnn\n2\tBob\n');
  await writeFile(at('in', 'more', 'notes.md'), '# no spreadsheet');
  await writeFile(at('in', 'more', '~$open.xlsx'), 'a lock');
  await writeFile(at('in', 'more', 'broken.xlsx'), 'no workbook');
  await writeFile(at('in', 'more', 'b[1].csv'), 'id,name\n1,Ann\n2,Bob\n');
  await writeFile(at('bare', '.hidden', 'a.csv'), 'id,name\n1,Ann\n');
});

afterAll(() => rm(folder, { recursive: true }));

const json = async (...words: string[]) => {
  const { code, out, err } = await type('inspect', ...words, '--json');
  expect(err).toBe('');
  expect(out.endsWith('\n')).toBe(true);
  const lines: Record<string, unknown>[] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, lines };
};

describe('runplane inspect --json', () => {
  it('says of a text file how it was read, and what is in it', async () => {
    const { code, lines } = await json(at('in', 'people.csv'), '--rows', 'all');

    expect(code).toBe(0);
    expect(lines).toEqual([
      {
        file: at('in', 'people.csv'),
        format: 'csv',
        encoding: 'windows-1252',
        dialect: { delimiter: ';', quote: '"', escape: '"' },
        sheets: [
          {
            name: 'people',
            hidden: false,
            rows: [
              ['id', 'name', 'born'],
              ['1', 'Jürgen', '2024-03-04'],
              ['2', 'Zoë', '2024-03-05'],
            ],
            tables: [
              {
                range: 'A1:C3',
                headerRows: 1,
                headers: ['id', 'name', 'born'],
                types: ['integer', 'string', 'date'],
              },
            ],
          },
        ],
        findings: [],
        failure: null,
      },
    ]);
    expect(Object.keys(lines[0] ?? {})).toEqual([
      ...['file', 'format', 'encoding', 'dialect', 'sheets', 'findings', 'failure'],
    ]);
  });

  it.each(['xlsx', 'xlsb', 'xls', 'ods'] as const)('reads .%s', async (bookType) => {
    const rows = [
      ['Name', 'Hours', 'Active', 'Born'],
      ['Ann', 7, true, new Date(Date.UTC(2024, 2, 4, 11, 1, 2))],
      ['Bob', 7.25, false, new Date(Date.UTC(2024, 2, 5, 12))],
    ];
    const book = utils.book_new(utils.aoa_to_sheet(rows, { UTC: true }), 'People');
    utils.book_append_sheet(book, utils.aoa_to_sheet([['a'], ['b']]), 'Lists');
    await writeFile(at(`book.${bookType}`), write(book, { type: 'buffer', bookType }));

    const { code, lines } = await json(at(`book.${bookType}`), '--rows', '2');

    expect(code).toBe(0);
    expect(lines).toMatchObject([
      {
        format: bookType,
        encoding: null,
        dialect: null,
        sheets: [
          {
            name: 'People',
            hidden: false,
            rows: [
              ['Name', 'Hours', 'Active', 'Born'],
              ['Ann', '7', 'true', expect.stringMatching(/^2024-03-04T11:01:0/)],
            ],
            tables: [
              {
                range: 'A1:D3',
                headerRows: 1,
                headers: ['Name', 'Hours', 'Active', 'Born'],
                types: ['string', 'number', 'boolean', 'datetime'],
              },
            ],
          },
          { name: 'Lists', hidden: false },
        ],
        failure: null,
      },
    ]);
  });

  it('says which sheets are hidden, and keeps blank rows and gaps', async () => {
    const rows = `${sheetData([['name', null, 'hours']])}<row r="4"><c r="B4"><v>1e-7</v></c></row>`;
    await writeFile(
      at('gaps.xlsx'),
      workbookBytes({ sheets: [rows, sheetData([['a']])], states: ['', 'state="hidden"'] }),
    );

    const { lines } = await json(at('gaps.xlsx'), '--rows', 'all');

    expect(lines).toMatchObject([
      {
        sheets: [
          { hidden: false, rows: [['name', '', 'hours'], [], [], ['', '0.0000001']] },
          { hidden: true, rows: [['a']] },
        ],
      },
    ]);
  });

  it('finds tables by header words when it is told to', async () => {
    await writeFile(
      at('above.csv'),
      'Report of May,,\n,,\n,First Name,Email\n,Ann,ann@a.example\n,Bob,bob@b.example\n',
    );
    const tablesOf = async (...words: string[]) => (await json(at('above.csv'), ...words)).lines[0]?.sheets;

    expect(await tablesOf()).toMatchObject([
      { tables: [{ range: 'B3:C5', headers: ['First Name', 'Email'] }] },
    ]);
    expect(await tablesOf('--tables', 'ade')).toMatchObject([
      { tables: [{ range: 'A3:C5', headers: [null, 'First Name', 'Email'] }] },
    ]);
  });

  it('leaves rows out unless they are asked for', async () => {
    const { lines } = await json(at('in', 'people.csv'));

    expect(lines[0]?.sheets).toEqual([{ name: 'people', hidden: false, tables: expect.any(Array) }]);
  });

  it('goes on after a file that cannot be read, and ends with 1', async () => {
    const { code, lines } = await json(at('no.csv'), at('in', 'more', 'broken.xlsx'), at('in', 'tabs.tsv'));

    expect(code).toBe(1);
    expect(lines).toEqual([
      {
        file: at('no.csv'),
        format: null,
        encoding: null,
        dialect: null,
        sheets: [],
        findings: [],
        failure: {
          code: 'unreadable_file',
          stage: 'read',
          message: 'There is no such file. Look at its name and at the folder.',
        },
      },
      expect.objectContaining({
        file: at('in', 'more', 'broken.xlsx'),
        format: null,
        failure: expect.objectContaining({ code: 'unreadable_file', stage: 'read' }),
      }),
      expect.objectContaining({ file: at('in', 'tabs.tsv'), failure: null }),
    ]);
  });

  it('gives what it saw of a sheet that breaks off', async () => {
    const broken = '<row r="1"><c t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c><v>1</v></row>';
    await writeFile(at('torn.xlsx'), workbookBytes({ sheets: [broken] }));

    const { code, lines } = await json(at('torn.xlsx'), '--rows', 'all');

    expect(code).toBe(1);
    expect(lines).toMatchObject([
      { format: 'xlsx', sheets: [{ name: 'Sheet1', tables: [] }], failure: { code: 'unreadable_file' } },
    ]);
  });

  it('names a file whose kind it does not know', async () => {
    const { code, lines } = await json(at('in', 'more', 'notes.md'));

    expect(code).toBe(1);
    expect(lines).toMatchObject([{ failure: { code: 'unsupported_format' } }]);
  });

  it('writes a line as soon as a file is read, for a thousand files', async () => {
    const written: number[] = [];
    const files = Array.from({ length: 1000 }, () => at('in', 'tabs.tsv'));

    const { code } = await typing({ write: (text) => written.push(text.split('\n').length - 1) })(
      'inspect',
      ...files,
      '--json',
    );

    expect(code).toBe(0);
    expect(written).toEqual(Array.from({ length: 1000 }, () => 1));
  });

  it('writes a long sheet while it reads it', async () => {
    await writeFile(at('long.csv'), `id,name\n${'1,Ann\n'.repeat(20_000)}`);
    let longest = 0;
    let out = '';
    const write = (text: string): void => {
      longest = Math.max(longest, text.length);
      out += text;
    };

    await typing({ write })('inspect', at('long.csv'), '--json', '--rows', 'all');

    expect(JSON.parse(out).sheets[0].rows).toHaveLength(20_001);
    expect(longest).toBeLessThan(70_000);
  });
});

describe('the files of runplane inspect', () => {
  const filesOf = async (...names: string[]): Promise<unknown[]> =>
    (await json(...names)).lines.map(({ file }) => String(file).replace(`${folder}/`, ''));

  it('are all that a folder holds, but for hidden ones and locks', async () => {
    expect(await filesOf(at('in'))).toEqual([
      'in/more/b[1].csv',
      'in/more/broken.xlsx',
      'in/people.csv',
      'in/tabs.tsv',
    ]);
  });

  it.each([
    ['in/*.csv', ['in/people.csv']],
    ['in/*.{csv,tsv}', ['in/people.csv', 'in/tabs.tsv']],
    ['in/**/*.csv', ['in/people.csv', 'in/more/b[1].csv']],
    ['**/[!a]*.xlsx', ['in/more/broken.xlsx']],
    ['i?/more/b*', ['in/more/b[1].csv', 'in/more/broken.xlsx']],
    ['in/more/b[1].csv', ['in/more/b[1].csv']],
  ])('are those that match %s', async (pattern, files) => {
    const found = await filesOf(at(pattern));

    expect(pattern.startsWith('**') ? found.filter((file) => String(file).startsWith('in/')) : found).toEqual(
      files,
    );
  });

  it.each([
    ['bare', 'There is no spreadsheet in the folder.'],
    ['*.nothing', 'No file matches the pattern.'],
  ])('are missing for %s', async (name, message) => {
    const { code, lines } = await json(at(name));

    expect(code).toBe(1);
    expect(lines).toMatchObject([{ file: at(name), failure: { code: 'unreadable_file', message } }]);
  });

  it.skipIf(process.getuid?.() === 0)('are named when they may not be read', async () => {
    await writeFile(at('secret.csv'), 'a,b\n');
    await chmod(at('secret.csv'), 0);

    const { lines } = await json(at('secret.csv'));

    expect(lines).toMatchObject([
      { failure: { message: 'The file may not be read. Change its permissions.' } },
    ]);
  });

  it.each([
    ['a.csv', '*.csv', true],
    ['a.csv', '?.csv', true],
    ['ab.csv', '?.csv', false],
    ['a+b.csv', 'a+b.*', true],
    ['aab.csv', 'a+b.*', false],
    ['b.csv', '[a-c].csv', true],
    ['b.csv', '[!a-c].csv', false],
    [']', '[]]', true],
    ['a{b.csv', 'a{b*', true],
    ['a.tsv', '*.{csv,t?v}', true],
  ])('%s against %s', (name, pattern, expected) => {
    expect(matches(name, pattern)).toBe(expected);
  });
});

describe('runplane inspect for people', () => {
  it('shows a file in a paragraph', async () => {
    const { code, out, err } = await type('inspect', at('in', 'people.csv'), '--rows', '2');

    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        at('in', 'people.csv'),
        '  csv, windows-1252, delimiter ";", quote "',
        '  sheet people',
        '       1  id | name | born',
        '       2  1 | Jürgen | 2024-03-04',
        '    table A1:C3, 1 header row',
        '      A  integer  id',
        '      B  string   name',
        '      C  date     born',
        '1 file.',
        '',
      ].join('\n'),
    );
  });

  it('says what was found and what failed', async () => {
    await writeFile(at('ends.csv'), 'id,name\r\n1,Ann\n2,Bob\r\n3,Cy\n');

    const { code, out } = await type('inspect', at('ends.csv'), at('no.csv'));

    expect(code).toBe(1);
    expect(out).toContain('\n  info    mixed_line_ends: Line ends');
    expect(out).toContain(`\n${at('no.csv')}\n  failed unreadable_file: There is no such file.`);
    expect(out).toMatch(/\n2 files, of which 1 failed\.\n$/);
  });

  it('shows nothing that a terminal would obey', async () => {
    await writeFile(at('nasty.csv'), 'id,\u001b[31mname\n1,"a\nb\u0007"\n2,c\n');

    const { out } = await type('inspect', at('nasty.csv'), '--rows', 'all');

    expect(out).toContain('id | �[31mname');
    expect(out).toContain('1 | a b�');
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('is coloured in a terminal with %j: %s', async (environment, isColoured) => {
    const { out } = await typing({ isInteractive: true, environment })('inspect', at('in', 'people.csv'));

    expect(out.includes('\u001b[32mA1:C3\u001b[39m')).toBe(isColoured);
    expect(out.includes('\u001b')).toBe(isColoured);
  });
});

describe('runplane inspect, mistyped', () => {
  it.each([
    [[], 'The file is missing: it is typed behind the command.'],
    [['a.csv', '--rows', 'some'], "--rows must be a number from 1, or all, not 'some'."],
    [['a.csv', '--rows', '0'], "--rows must be a number from 1, or all, not '0'."],
    [['a.csv', '--tables', 'all'], "--tables must be regions or ade, not 'all'."],
    [
      ['a.csv', '--row', '1'],
      "Unknown option '--row'. Is it --rows? Usage: runplane inspect <file>… [--rows <number>|all] [--tables regions|ade]",
    ],
  ])('%j is not understood', async (words, said) => {
    expect(await type('inspect', ...words)).toEqual({ code: 2, out: '', err: `${said}\n` });
  });
});

describe('the start of runplane inspect', () => {
  /** Everything that is loaded before anything is done, packages by name. */
  async function loadedBy(file: string, loaded = new Set<string>()): Promise<Set<string>> {
    if (loaded.has(file)) return loaded;
    loaded.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm)) {
      if (from.startsWith('.')) await loadedBy(join(dirname(file), from), loaded);
      else loaded.add(from);
    }
    return loaded;
  }

  it.each(['bin/runplane.ts', 'bin/commands/inspect/inspect-all.ts'])(
    'loads nothing with %s that takes long to load',
    async (file) => {
      const packages = [...(await loadedBy(file))].filter((name) => !/^node:|\.ts$/.test(name));

      // What a heavier one costs at every start is 0.2 s of CPU for zod and 0.6 s for the SDK.
      expect(packages.filter((name) => name !== 'chardet')).toEqual([]);
    },
  );
});
