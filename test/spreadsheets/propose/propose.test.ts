import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { utils, write } from 'xlsx';
import { processWorkbook, readConfiguration } from '../../../lib/spreadsheets/index.ts';
import { proposeConfiguration } from '../../../lib/spreadsheets/propose/propose.ts';
import { openWorkbook } from '../../../lib/spreadsheets/read/open-workbook.ts';

/** Invented files as people send them, and what a careful person would want of each. */
const FOLDER = fileURLToPath(new URL('../teaching/', import.meta.url));
interface Wanted {
  file: string;
  sheets: {
    name: string;
    use: boolean;
    absent?: string[];
    tables: {
      range: string;
      also?: string[];
      headerRows: number[];
      rows: number;
      columns: { column: string; header: string; type: string; also?: string[]; kind?: string }[];
      drop?: { row: number; reason: string }[];
    }[];
  }[];
}
const CASES: [string, Wanted][] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8'))]);

const fieldsOf = (definition: object): { name: string; validators?: unknown }[] =>
  Reflect.get(definition, 'fields');

const propose = (text: string, name = 'a.csv') =>
  proposeConfiguration([{ id: 'one', name, bytes: Buffer.from(text) }], 'regions');

async function normalised(definition: unknown, name: string, bytes: Uint8Array) {
  const configuration = await readConfiguration(definition);
  if (!configuration.success) throw configuration.error;
  const chunks: Uint8Array[] = [];
  const { report, metrics } = await processWorkbook(
    { name, bytes, configuration: configuration.data },
    { emit: () => undefined, write: (chunk) => void chunks.push(chunk) },
  );
  const output = await openWorkbook('output.xlsx', Buffer.concat(chunks));
  const rows: unknown[][] = [];
  for (const sheet of output.sheets)
    for await (const batch of output.rows(sheet, 500))
      rows.push(...batch.rows.map(({ cells }) => [...cells]));
  return { report, metrics, rows };
}

describe.each(CASES)('what is proposed for %s', (_, wanted) => {
  const bytes = readFileSync(`${FOLDER}${wanted.file}`);
  const proposed = proposeConfiguration([{ id: 'one', name: wanted.file, bytes }], 'regions');

  it('has the tables, the columns and their types that a careful person would want', async () => {
    const { documents } = await proposed;
    const sheets = documents[0]?.sheets ?? [];
    expect(sheets.map(({ name, use }) => ({ name, use }))).toEqual(
      wanted.sheets.map(({ name, use }) => ({ name, use })),
    );
    wanted.sheets.forEach(({ tables }, at) => {
      const found = sheets[at]?.tables ?? [];
      expect(found).toHaveLength(tables.length);
      tables.forEach(({ range, also = [], headerRows, columns }, index) => {
        const table = found[index];
        expect([range, ...also]).toContain(table?.range);
        expect(table?.headerRows).toBe(headerRows.length);
        expect(table?.columns.map(({ column, header, kind }) => ({ column, header, kind }))).toEqual(
          columns.map(({ column, header, kind = null }) => ({ column, header, kind })),
        );
        table?.columns.forEach(({ type }, no) => {
          const { type: first, also: others = [] } = columns[no] ?? {};
          expect([first, ...others]).toContain(type);
        });
      });
    });
  });

  it('turns the file into what is wanted of it', async () => {
    const { definition } = await proposed;
    const { report, metrics, rows } = await normalised(definition, wanted.file, bytes);
    const tables = wanted.sheets.flatMap((sheet) => sheet.tables);
    expect(metrics).toMatchObject({
      ...{ evaluation_outcome: 'success', validation_issues_total: 0, column_count_unmapped: 0 },
      row_count_total: tables.reduce((sum, table) => sum + table.rows + (table.drop?.length ?? 0), 0),
    });
    expect(
      report.workbooks.flatMap((book) =>
        book.sheets.flatMap((sheet) =>
          sheet.tables.flatMap(({ dropped }) =>
            (dropped?.rows ?? []).map(({ row, reason }) => ({ row, reason })),
          ),
        ),
      ),
    ).toEqual(tables.flatMap(({ drop = [] }) => drop));
    const written = JSON.stringify(rows);
    for (const text of wanted.sheets.flatMap(({ absent = [] }) => absent))
      expect(written).not.toContain(text);
  });

  it('is the same every time', async () => {
    expect(await proposeConfiguration([{ id: 'one', name: wanted.file, bytes }], 'regions')).toEqual(
      await proposed,
    );
  });
});

const RIGHT_IBANS = [
  'DE89370400440532013000',
  'GB82WEST12345698765432',
  'FR1420041010050500013M02606',
  'NL91ABNA0417164300',
  'ES9121000418450200051332',
];

describe('a column', () => {
  const columnOf = async (header: string, values: readonly string[]) => {
    const lines = values.map((value, no) => `${value};x${no}y`);
    const { documents, definition } = await propose(`"${header}";other\n${lines.join('\n')}\n`);
    const column = documents[0]?.sheets[0]?.tables[0]?.columns[0];
    return { ...column, definition: fieldsOf(definition)[0] };
  };

  it.each([
    ['IBAN', RIGHT_IBANS, 'string', 'iban'],
    ['Konto', RIGHT_IBANS, 'string', 'iban'],
    ['Contact', ['a@example.org', 'b@example.org', 'c@example.com', 'd@example.com'], 'string', 'email'],
    ['Telefon', ['030 1234567', '040/765432 1', '+49 89 123456', '0221-998877'], 'string', 'phone'],
    ['Reach', ['+1 555 010 9999', '+1 555 010 8888', '+1 555 010 7777'], 'string', 'phone'],
    ['ZIP', ['02134', '90210', '10001', '30301'], 'string', 'postcode'],
    ['Postcode', ['SW1A 1AA', 'M1 1AE', 'B33 8TH', 'CR2 6XH'], 'string', 'postcode'],
    ['Share', ['50 %', '7,5 %', '100 %', '12 %'], 'number', 'percent'],
    ['Price', ['€ 1,50', '€ 2,00', '€ 11,25', '€ 3,10'], 'number', 'currency'],
    ['Count', ['1', '2', '30', '4'], 'integer', null],
    ['Weight', ['1.5', '2', '30.25', '4'], 'number', null],
    ['Paid', ['yes', 'no', 'yes', 'yes'], 'boolean', null],
    ['When', ['13/04/2024', '01/02/2024', '05/12/2023', '31/01/2024'], 'date', null],
    ['When', ['2024-03-04 10:15', '2024-03-05 11:00', '2024-03-05 12:30'], 'datetime', null],
    ['Customer no.', ['10017', '10023', '10511', '10098', '10044'], 'string', 'id'],
    ['Article', ['AB-1001', 'AB-1002', 'XY-2210', 'XY-2211', 'AB-1007'], 'string', 'id'],
    ['Range', ['3,5-5,1', '4,0-6,0', '70-100', '0,5-1,2'], 'string', null],
    ['Name', ['Anna', 'Bo', 'Cem', 'Dora'], 'string', null],
    ['Mostly', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '?', '11', '12'], 'integer', null],
  ])('%s of %j is %s, %s', async (header, values, type, kind) => {
    expect(await columnOf(header, values)).toMatchObject({ type, kind });
  });

  it('is required, there once and one of a few where all its values are', async () => {
    const rows = Array.from(
      { length: 24 },
      (_, no) => `A-${100 + no};${['open', 'closed'][no % 2]};${no % 5 === 0 ? '' : 'x'}`,
    );
    const { definition } = await propose(`Ref;State;Note\n${rows.join('\n')}\n`);
    expect(definition).toMatchObject({
      fields: [
        { name: 'ref', validators: [{ required: true }, { unique: true }, { pattern: '[A-Z]-\\d{3}' }] },
        { name: 'state', validators: [{ required: true }, { oneOf: ['open', 'closed'] }] },
        { name: 'note' },
      ],
    });
    expect(fieldsOf(definition)[2]).not.toHaveProperty('validators');
  });

  it('that is there twice, or has no header, is no field', async () => {
    const { documents } = await propose('Name;Name;;Qty\nA;B;C;1\nD;E;F;2\nG;H;I;3\n');
    expect(documents[0]?.sheets[0]?.tables[0]?.columns.map(({ field }) => field)).toEqual([
      'name',
      null,
      null,
      'qty',
    ]);
  });

  it('is named in letters that a field may have', async () => {
    const { definition } = await propose(
      '№ 7;Größe (cm);日付;__proto__;constructor\n1;2;2024-01-02;a;b\n3;4;2024-01-03;c;d\n',
    );
    expect(fieldsOf(definition).map(({ name }) => name)).toEqual([
      'no_7',
      'grosse_cm',
      'date',
      'proto',
      'constructor',
    ]);
  });

  it('is named as its alphabet is read, and by its letter where nobody can spell it here', async () => {
    const { definition } = await propose(
      'Отдел;Ονομα;الاسم;이름;給与（円）;ชื่อ\nа;α;ا;가;1;x\nб;β;ب;나;2;y\nв;γ;ت;다;3;z\n',
    );
    expect(fieldsOf(definition).map(({ name }) => name)).toEqual([
      ...['otdel', 'onoma', 'alasm', 'ireum', 'salary', 'column_f'],
    ]);
  });

  it.each([
    ['Sexe', ['H', 'F', 'F', 'H', 'F', 'F'], 'string', null],
    ['Actif', ['O', 'N', 'O', 'O', 'N', 'N'], 'boolean', null],
    ['Sent', ['Y', 'Y', 'Y', 'Y', 'Y', 'Y'], 'boolean', null],
    ['KDV', ['%20', '%10', '%20', '%1', '%20', '%20'], 'number', 'percent'],
    ['Konto (IBAN)', ['DE00123456780000000000', 'DE11123456780000000001'], 'string', 'iban'],
    ['On hand', ['1', '?', 'n/a', '4', '?', '7'], 'integer', null],
    ['Оклад, руб.', ['12,50', '13,00', '14,25', '15,75'], 'number', 'currency'],
  ])('%s of %j is %s, %s, where letters and signs could mislead', async (header, values, type, kind) => {
    expect(await columnOf(header, values)).toMatchObject({ type, kind });
  });

  it('without a value in some rows is not required, whatever stands there for none', async () => {
    const { definition } = await propose('Ref;Qty\nA-1;1\nA-2;?\nA-3;3\nA-4;4\nA-5;5\nA-6;6\n');
    expect(fieldsOf(definition)[1]).not.toHaveProperty('validators');
  });

  it('is known by its words or its values where the next file calls it otherwise', async () => {
    const rows = Array.from({ length: 24 }, (_, no) => `${['mmol/L', 'g/L'][no % 2]};${no}`).join('\n');
    const { definition } = await propose(`Unit;Result\n${rows}\n`);
    const { metrics } = await normalised(
      definition,
      'b.csv',
      Buffer.from(`Measured in;Result found\n${rows}\n`),
    );
    expect(metrics).toMatchObject({ column_count_mapped: 2 });
  });

  it('whose dates could be two things is told of', async () => {
    const { findings } = await propose('When;N\n03/04/2024;1\n05/06/2024;2\n07/08/2024;3\n');
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'ambiguous_dates',
        count: 3,
        meta: { field: 'when', example: '03/04/2024' },
      }),
    ]);
  });
});

describe('files without much to learn from', () => {
  it.each([
    ['nothing', ''],
    ['a sentence', 'Please fill in the white fields only.\n'],
  ])('%s: no field, and a finding that says so', async (_, text) => {
    const { definition, findings } = await propose(text);
    expect(definition).toMatchObject({ fields: [] });
    expect(findings.map(({ code }) => code)).toEqual(['no_tables_detected']);
  });

  it('more columns than there may be fields: the first ones, and a finding', async () => {
    const columns = Array.from({ length: 510 }, (_, no) => `c${no}x`);
    const { definition, findings } = await propose(
      `${columns.join(';')}\n${columns.join(';')}9\n${columns.join(';')}8\n`,
    );
    expect(fieldsOf(definition)).toHaveLength(500);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'too_many_columns', count: 10 }));
  });
});

describe('a sheet beside the data', () => {
  const data = [['Code', 'Qty'], ...Array.from({ length: 20 }, (_, no) => [`A-${no}`, no])];
  const usesOf = async (name: string, rows: unknown[][]): Promise<boolean[]> => {
    const bytes = write(
      {
        SheetNames: ['Stock', name],
        Sheets: { Stock: utils.aoa_to_sheet(data), [name]: utils.aoa_to_sheet(rows) },
      },
      { type: 'buffer', bookType: 'xlsx' },
    );
    const { documents } = await proposeConfiguration([{ id: 'one', name: 'a.xlsx', bytes }], 'regions');
    return documents[0]?.sheets.map(({ use }) => use) ?? [];
  };

  it.each([
    [
      'Erläuterungen',
      [
        ['Field', 'Type', 'No'],
        ['Code', 'text', 1],
        ['Qty', 'number', 2],
      ],
      false,
    ],
    [
      'Sheet2',
      [
        ['Code', 'Meaning'],
        ['A', 'Apples'],
        ['B', 'Berries'],
      ],
      false,
    ],
    [
      'Sheet2',
      [
        ['Shop', 'Sales'],
        ['Rome', 12],
        ['Oslo', 13],
      ],
      true,
    ],
    [
      'Notes',
      [['Code', 'Qty', 'Price'], ...Array.from({ length: 40 }, (_, no) => [`B-${no}`, no, no / 4])],
      true,
    ],
  ])('%s with %j is used: %s', async (name, rows, use) => {
    expect(await usesOf(name, rows)).toEqual([true, use]);
  });
});

describe('a long file', () => {
  it('is told by rows from all over it, and its rules by all of them', async () => {
    const rows = Array.from({ length: 20_000 }, (_, no) => {
      const isLate = no >= 15_000;
      return `${no + 1};${isLate ? `${no % 90},5` : no % 90};${no === 19_999 ? '' : 'x'};K-${no === 19_999 ? 7 : no}`;
    });
    const { documents, definition } = await propose(`No.;Weight;Mark;Key\n${rows.join('\n')}\n`);
    expect(documents[0]?.sheets[0]?.tables[0]?.columns.map(({ type }) => type)).toEqual([
      ...['integer', 'number', 'boolean', 'string'],
    ]);
    const rules = fieldsOf(definition).map(({ validators }) => JSON.stringify(validators ?? []));
    expect(rules[0]).toContain('unique');
    expect(rules[2]).not.toContain('required');
    expect(rules[3]).not.toContain('unique');
  });
});

describe('several files', () => {
  it('share the fields that have one header, with what holds for both', async () => {
    const both = await proposeConfiguration(
      [
        {
          id: 'one',
          name: 'a.csv',
          bytes: Buffer.from('Qty;When\n1;2024-01-01\n2;2024-01-02\n3;2024-01-03\n'),
        },
        { id: 'two', name: 'b.csv', bytes: Buffer.from('QTY;City\n1,5;Rome\n2,25;Oslo\n3,75;Bern\n') },
      ],
      'regions',
    );
    expect(both.documents.map(({ documentId }) => documentId)).toEqual(['one', 'two']);
    expect(both.definition).toMatchObject({
      fields: [
        { name: 'qty', dtype: 'number' },
        { name: 'when', dtype: 'date' },
        { name: 'city', dtype: 'string' },
      ],
    });
  });
});
