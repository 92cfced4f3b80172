import { describe, expect, it } from 'vitest';
import { utils, write } from 'xlsx';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';
import { rowsOf } from '../support/process.ts';
import { BIFF5, compound, float, label, number, record, stream, wideLabel, xls } from './xls-file.ts';

const MERGED = 0xe5;
const FORMULA = 0x06;

const namesOf = async (bytes: Buffer): Promise<string[]> =>
  (await openWorkbook('a.xls', bytes)).sheets.map(({ name }) => name);

const firstSheet = async (bytes: Buffer) => {
  const reader = await openWorkbook('a.xls', bytes);
  const [sheet] = reader.sheets;
  if (sheet === undefined) throw new Error('There is no sheet');
  return { reader, sheet };
};

const factsOf = async (records: Buffer[], globals: Buffer[] = []) => {
  const { reader, sheet } = await firstSheet(xls({ sheets: [{ name: 'S', records }], globals }));
  return await reader.facts(sheet);
};

/** A format, and the cell style with the same number that uses it. */
const format = (id: number, code: string): Buffer =>
  record(0x41e, id, code.length, Buffer.from([0]), Buffer.from(code, 'latin1'));
const style = (id: number): Buffer => record(0xe0, 0, id, 0, Buffer.alloc(14));

describe('texts of BIFF5', () => {
  it.each([
    ['Cyrillic', 1251, [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], 'Привет'],
    ['Greek', 1253, [0xc3, 0xe5, 0xe9, 0xdc], 'Γειά'],
    ['western', 1252, [0x5a, 0x6f, 0xeb, 0x80], 'Zoë€'],
    ['western, by its old name', 0x8001, [0x5a, 0x6f, 0xeb], 'Zoë'],
    ['Macintosh', 0x8000, [0x5a, 0x6f, 0x91], 'Zoë'],
    ['Macintosh of central Europe', 10029, [0x8b, 0xe4], 'čš'],
    ['Macintosh with Chinese', 10002, [0xa4, 0xa4, 0xa4, 0xe5], '中文'],
    ['Japanese', 932, [0x93, 0xfa, 0x96, 0x7b], '日本'],
    ['a code page nobody knows', 4711, [0x5a, 0x6f, 0xeb], 'Zoë'],
    ['one that texts of bytes cannot have', 1200, [0x5a, 0x6f, 0xeb], 'Zoë'],
  ])('%s', async (_, codePage, bytes, text) => {
    const raw = Buffer.from(bytes);
    const formula = record(FORMULA, 0, 1, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]), 0, 0, 0, 0);
    const result = record(0x207, raw.byteLength, raw);
    const rich = record(0xd6, 0, 2, 0, raw.byteLength, raw, Buffer.from([0]));
    const book = xls({
      version: BIFF5,
      globals: [record(0x42, codePage)],
      sheets: [{ name: raw, records: [label(0, 0, raw), formula, result, rich] }],
    });

    expect(await namesOf(book)).toEqual([text]);
    expect(await rowsOf('a.xls', book)).toEqual([[0, [text, text, text]]]);
  });

  it('says so where nobody knows the code page', async () => {
    const book = (codePage: number) =>
      xls({ version: BIFF5, globals: [record(0x42, codePage)], sheets: [{ name: 'S', records: [] }] });

    expect((await openWorkbook('a.xls', book(4711))).findings()).toMatchObject([
      { code: 'ambiguous_encoding', meta: { codePage: 4711 } },
    ]);
    expect((await openWorkbook('a.xls', book(1251))).findings()).toEqual([]);
  });

  it('leaves the texts of BIFF8 alone, whatever code page it names', async () => {
    const book = xls({
      globals: [record(0x42, 1251)],
      sheets: [{ name: 'S', records: [wideLabel(0, 0, 'Zoë Привет')] }],
    });

    expect(await rowsOf('a.xls', book)).toEqual([[0, ['Zoë Привет']]]);
  });

  it.each(['biff8', 'biff5', 'biff2'] as const)('reads what %s has', async (bookType) => {
    const sheet = utils.aoa_to_sheet([
      ['k', 'v'],
      ['a', 1.5],
    ]);
    const bytes: Buffer = write(utils.book_new(sheet, 'People'), { type: 'buffer', bookType });

    expect(await rowsOf('a.xls', bytes)).toEqual([
      [0, ['k', 'v']],
      [1, ['a', 1.5]],
    ]);
  });
});

describe('the compound file around a workbook', () => {
  const content = stream({ sheets: [{ name: 'S', records: [number(0, 0, 1)] }] });
  const large = stream({
    sheets: [{ name: 'S', records: Array.from({ length: 5_000 }, (_, at) => number(at, 0, at)) }],
  });

  it.each(['Workbook', 'WORKBOOK', 'workbook', 'Book', 'BOOK'])('finds the stream %s', async (name) => {
    expect(await rowsOf('a.xls', compound({ [name]: content }))).toEqual([[0, [1]]]);
  });

  it('does without a byte order mark', async () => {
    const bytes = compound({ Workbook: large });
    bytes.writeUInt16LE(0, 28);

    expect(await rowsOf('a.xls', bytes)).toHaveLength(5_000);
  });

  it('takes the later of two generations, and no workbook that is an object inside', async () => {
    const other = stream({ sheets: [{ name: 'O', records: [number(0, 0, 9)] }] });

    expect(
      await rowsOf('a.xls', compound({ 'MBD1/Workbook': other, Book: other, Workbook: large })),
    ).toHaveLength(5_000);
  });

  it('does not take a text about encryption for it', async () => {
    const records = [wideLabel(0, 0, 'EncryptionInfo EncryptedPackage')];

    expect(await rowsOf('a.xls', xls({ sheets: [{ name: 'S', records }] }))).toHaveLength(1);
  });

  it('reads a workbook without a container', async () => {
    expect(await rowsOf('a.xls', content)).toEqual([[0, [1]]]);
  });

  it('refuses a workbook with a password', async () => {
    const bytes = xls({ globals: [record(0x2f, 0, 0, 0)], sheets: [{ name: 'S', records: [] }] });

    await expect(openWorkbook('a.xls', bytes)).rejects.toMatchObject({
      code: 'unreadable_file',
      message: expect.stringMatching(/password/),
    });
  });
});

describe('the sheets of an .xls workbook', () => {
  const one = { name: 'One', records: [number(0, 0, 1)] };
  const two = { name: 'Two', records: [number(0, 0, 2)] };
  const three = { name: 'Three', records: [number(0, 0, 3)] };

  const everything = async (bytes: Buffer) => {
    const reader = await openWorkbook('a.xls', bytes);
    const found: [string, unknown][] = [];
    for (const sheet of reader.sheets) {
      for await (const { rows } of reader.rows(sheet, 500)) found.push([sheet.name, rows[0]?.cells[0]]);
    }
    return found;
  };

  const all = [
    ['One', 1],
    ['Two', 2],
    ['Three', 3],
  ];

  it.each([
    ['one after the other', { sheets: [one, two, three] }],
    ['in another order than their tabs', { sheets: [one, two, three], order: [2, 0, 1] }],
    ['with filling between them', { sheets: [one, { ...two, filling: 50 }, { ...three, filling: 4 }] }],
    ['where the workbook says nothing true', { sheets: [one, two, three].map((s) => ({ ...s, at: 0 })) }],
    ['where one place is wrong', { sheets: [one, { ...two, at: 77 }, three] }],
    [
      'with a chart inside one of them',
      {
        sheets: [
          {
            ...one,
            records: [
              record(0x809, 0x600, 0x20, 0, 0, 0, 0, 0, 0),
              number(0, 0, 7),
              record(0x0a),
              ...one.records,
            ],
          },
          two,
          three,
        ],
      },
    ],
    ['called charts that are sheets', { sheets: [one, { ...two, kind: 2 }, three] }],
    ['called macros that are sheets', { sheets: [one, { ...two, kind: 1 }, { ...three, type: 0x40 }] }],
    [
      'called dialogs that have cells',
      { sheets: [one, { ...two, records: [record(0x81, 0x10), ...two.records] }, three] },
    ],
  ])('finds them %s', async (_, book) => {
    expect(await everything(xls(book))).toEqual(all);
  });

  it('reads two sheets of the same name', async () => {
    expect(await everything(xls({ sheets: [one, { ...two, name: 'One' }] }))).toEqual([
      ['One', 1],
      ['One', 2],
    ]);
  });

  it('leaves charts, modules, macros and dialogs out, and counts them as tabs', async () => {
    const reader = await openWorkbook(
      'a.xls',
      xls({
        sheets: [
          { ...one, name: 'Chart', kind: 2, type: 0x20 },
          { ...one, name: 'Module', kind: 6, type: 0x06 },
          { ...one, name: 'Macro', kind: 1, type: 0x40 },
          { name: 'Dialog', records: [record(0x81, 0x10)] },
          { ...two, hidden: 1 },
          { ...three, hidden: 2 },
          one,
        ],
        globals: [record(0x3d, 0, 0, 0, 0, 0, 6, 0, 0, 0)],
      }),
    );

    expect(reader.tabCount).toBe(7);
    expect(reader.sheets).toEqual([
      { name: 'Two', index: 4, visible: false, active: false },
      { name: 'Three', index: 5, visible: false, active: false },
      { name: 'One', index: 6, visible: true, active: true },
    ]);
  });

  it('says which sheet is not there', async () => {
    const reader = await openWorkbook('a.xls', xls({ sheets: [one, { ...two, isMissing: true }] }));

    expect(reader.sheets).toHaveLength(1);
    expect(reader.findings()).toMatchObject([{ code: 'missing_sheet', at: 'Two' }]);
    await expect(openWorkbook('a.xls', xls({ sheets: [{ ...two, isMissing: true }] }))).rejects.toMatchObject(
      { code: 'unreadable_file', message: expect.stringMatching(/Two is missing/) },
    );
  });
});

describe('the values of an .xls sheet', () => {
  it('shows a number with leading zeros as its format does', async () => {
    const globals = [format(170, '00000'), style(0), style(170), style(14)];
    const records = [number(0, 0, 2494, 1), number(0, 1, 2494), number(0, 2, 45293, 2)];

    expect(await rowsOf('a.xls', xls({ globals, sheets: [{ name: 'S', records }] }))).toEqual([
      [
        0,
        [{ kind: 'shown', value: 2494, text: '02494' }, 2494, { kind: 'datetime', ms: Date.UTC(2024, 0, 2) }],
      ],
    ]);
  });

  it('counts days from 1904 where the workbook says so', async () => {
    const globals = [record(0x22, 1), style(0), style(14)];
    const sheets = [{ name: 'S', records: [number(0, 0, 43831, 1)] }];

    expect(await rowsOf('a.xls', xls({ globals, sheets }))).toEqual([
      [0, [{ kind: 'datetime', ms: Date.UTC(2024, 0, 2) }]],
    ]);
  });

  it('reads texts that are shared, and go on in another record', async () => {
    const word = (text: string) => [text.length, Buffer.from([0]), Buffer.from(text, 'latin1')];
    const strings = [
      record(0xfc, 3, 0, 3, 0, ...word('one'), 6, Buffer.from([0]), Buffer.from('two')),
      record(0x3c, Buffer.from([1]), Buffer.from('—三ö', 'utf16le'), ...word('four')),
    ];
    const records = [0, 1, 2].map((at) => record(0xfd, 0, at, 0, at, 0));

    expect(await rowsOf('a.xls', xls({ globals: strings, sheets: [{ name: 'S', records }] }))).toEqual([
      [0, ['one', 'two—三ö', 'four']],
    ]);
  });

  it('knows no format of the workbook before', async () => {
    const sheets = [{ name: 'S', records: [number(0, 0, 7, 1)] }];
    const read = async (globals: Buffer[]) =>
      (await rowsOf('a.xls', xls({ globals: [...globals, style(0), style(200)], sheets })))[0]?.[1];

    expect(await read([format(200, '000')])).toEqual([{ kind: 'shown', value: 7, text: '007' }]);
    expect(await read([])).toEqual([7]);
  });

  it('takes the stored result of a formula, whatever its expression', async () => {
    const expression = Buffer.from([0xff, 0xfe, 0xfd]);
    const records = [
      record(FORMULA, 0, 0, 0, float(4.5), 0, 0, 0, 3, expression),
      record(0x406, 0, 1, 0, float(2), 0, 0, 0, 0),
    ];

    expect(await rowsOf('a.xls', xls({ sheets: [{ name: 'S', records }] }))).toEqual([[0, [4.5, 2]]]);
  });
});

describe('what an .xls sheet holds beside its values', () => {
  it('counts hidden rows and columns, merged cells, notes, filters, units and formulas without a value', async () => {
    const globals = [
      ...[format(170, '0.0%'), format(171, '[$EUR] 0.00'), format(172, '"$"0'), format(173, '[h]:mm')],
      ...[0, 170, 171, 172, 173].map(style),
    ];
    const row = (index: number, flags: number) =>
      record(0x208, index, 0, 0, 0, 0, 0, Buffer.from([flags, 0, 0, 0]));
    const column = (first: number, last: number, flags: number) => record(0x7d, first, last, 0, 0, flags, 0);
    const facts = await factsOf(
      [
        column(1, 2, 1),
        column(3, 3, 0),
        column(200, 255, 1),
        row(0, 0),
        row(1, 0x20),
        row(900, 0x20),
        number(0, 0, 0.5, 1),
        number(0, 1, 2, 2),
        number(0, 2, 2, 3),
        number(0, 3, 2, 4),
        number(1, 3, 1, 4),
        record(FORMULA, 2, 4, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]), 0, 0, 0, 0),
        record(0x1c, 0, 0, 0, 1, 0),
        record(0x1c, 1, 0, 0, 2, 0),
        record(0x9d, 3),
        record(MERGED, 2, 0, 1, 0, 0, 3, 3, 1, 2),
      ],
      globals,
    );

    expect(facts).toEqual({
      hiddenRows: 1,
      hiddenColumns: [1, 2],
      merged: [
        { top: 0, bottom: 1, left: 0, right: 0 },
        { top: 3, bottom: 3, left: 1, right: 2 },
      ],
      notes: 2,
      filters: 1,
      uncalculated: { count: 1, first: 'E3' },
      units: [
        { column: 0, unit: 'percent', count: 1 },
        { column: 1, unit: 'EUR', count: 1 },
        { column: 2, unit: '$', count: 1 },
        { column: 3, unit: 'elapsed', count: 2 },
      ],
    });
  });

  it('says which rows are hidden', async () => {
    const hiddenRow = record(0x208, 1, 0, 0, 0, 0, 0, Buffer.from([0x20, 0, 0, 0]));
    const { reader, sheet } = await firstSheet(
      xls({ sheets: [{ name: 'S', records: [hiddenRow, number(0, 0, 1), number(1, 0, 2)] }] }),
    );
    const hidden: unknown[] = [];
    for await (const { rows } of reader.rows(sheet, 9)) hidden.push(...rows.map((row) => row.hidden));

    expect(hidden).toEqual([false, true]);
  });
});

describe('damaged .xls files', () => {
  const good = xls({
    sheets: [
      { name: 'One', records: Array.from({ length: 300 }, (_, at) => wideLabel(at, 0, `text ${at}`)) },
      { name: 'Two', records: [number(0, 0, 1)] },
    ],
  });

  /** How reading ends: well, or by a failure that is meant. */
  async function end(bytes: Buffer): Promise<string> {
    try {
      const reader = await openWorkbook('a.xls', bytes);
      for (const sheet of reader.sheets) {
        for await (const batch of reader.rows(sheet, 500)) expect(batch.rows.length).toBeLessThan(2_000);
        await reader.facts(sheet);
      }
      return 'read';
    } catch (failure) {
      return failure instanceof Error ? failure.name : String(failure);
    }
  }

  it('are read or refused, wherever they are cut', async () => {
    for (let length = 520; length < good.byteLength; length += 97) {
      expect(await end(good.subarray(0, length))).toMatch(/^read$|^SpreadsheetFailure$/);
    }
  });

  it('are read or refused, whatever byte of them is wrong', async () => {
    for (let at = 24; at < good.byteLength; at += 61) {
      const bytes = Buffer.from(good);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
      expect(await end(bytes)).toMatch(/^read$|^SpreadsheetFailure$/);
    }
  });
});
