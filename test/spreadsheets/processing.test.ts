import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIGURATION, processWorkbook } from '../../lib/spreadsheets/index.ts';
import { configurationOf, processed } from './support/process.ts';
import { sheetData, workbookBytes } from './support/workbook.ts';

const PEOPLE = sheetData([
  ['First Name', 'Email'],
  ['Ann', 'ann@x.com'],
]);
const EMAIL = { name: 'email', label: 'Email', headerTokenSets: [['email']] };
const NAME = { name: 'full_name', headerTokenSets: [['name']] };

// ADE does not say why a column got its field and what came second: these members are ours.
const asAde = (member: string, value: unknown): unknown =>
  member === 'mapping_reason' || member === 'runner_up' ? undefined : value;

const rowsIn = async (...args: Parameters<typeof processed>) => (await processed(...args)).output[0]?.rows;

describe('which sheets are processed', () => {
  const book = (activeTab = 0) =>
    workbookBytes({ sheets: [PEOPLE, PEOPLE, PEOPLE], states: ['', 'state="hidden"', ''], activeTab });

  it('the visible ones, in their order', async () => {
    const { sheets, events } = await processed('a.xlsx', book());

    expect(sheets.map(({ name, index, isActive }) => [name, index, isActive])).toEqual([
      ['Sheet1', 0, true],
      ['Sheet3', 1, false],
    ]);
    expect(events.find(({ event }) => event === 'engine.workbook.started')?.data).toEqual({
      schema_version: 1,
      sheet_count: 3,
    });
  });

  it('those named, in the order of the workbook', async () => {
    const { sheets } = await processed('a.xlsx', book(), { sheetNames: ['Sheet3', ' Sheet1 ', 'Sheet3'] });

    expect(sheets.map(({ name }) => name)).toEqual(['Sheet1', 'Sheet3']);
  });

  it('the active one', async () => {
    const { sheets } = await processed('a.xlsx', book(2), { activeSheetOnly: true });

    expect(sheets.map(({ name }) => name)).toEqual(['Sheet3']);
  });

  it.each([
    [
      book(),
      { sheetNames: ['Nope', 'Sheet1', 'Sheet2'] },
      'sheet_not_found',
      /^Worksheet\(s\) not found: Nope, Sheet2$/,
    ],
    [book(1), { activeSheetOnly: true }, 'no_active_sheet', /hidden: Sheet2/],
    [book(9), { activeSheetOnly: true }, 'no_active_sheet', /not available/],
    [workbookBytes({ sheets: [PEOPLE], states: ['state="veryHidden"'] }), {}, 'sheet_not_found', /visible/],
  ])('or none: case %#', async (bytes, options, code, message) => {
    await expect(processed('a.xlsx', bytes, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('tables', () => {
  const regions = async (rows: Parameters<typeof sheetData>[0], settings = {}) => {
    const configuration = configurationOf([EMAIL, NAME], settings);
    const { report } = await processed('a.xlsx', workbookBytes({ sheets: [sheetData(rows)] }), {
      configuration,
    });
    return report.workbooks[0]?.sheets[0]?.tables.map(({ structure }) => structure.region.a1);
  };

  it('start below a title and notes', async () => {
    expect(await regions([['Report 2024'], [1, 2], ['Name', 'Email'], ['Ann', 'a@x.com']])).toEqual([
      'A3:B4',
    ]);
  });

  it('have the row above as header where none looks like one', async () => {
    expect(
      await regions([
        ['foo', 'bar'],
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ).toEqual(['A1:B3']);
    expect(await regions([['x1'], [], [1, 2], [3, 4]])).toEqual(['A1:B4']);
  });

  it('have a lone row as header, and none where everything is empty', async () => {
    expect(await regions([['a1', 'b2']])).toEqual(['A1:B1']);
    expect(await regions([[null], [null]])).toEqual([]);
  });

  it('join stacked headers, or are two without that setting', async () => {
    const rows = [
      ['Member Name', 'Email'],
      ['First Name', 'Email Address'],
      ['Ann', 'a@x.com'],
    ];

    expect(await regions(rows)).toEqual(['A1:B3']);
    expect(await regions(rows, { mergeStackedHeaders: false })).toEqual(['A1:B1', 'A2:B3']);
  });

  it('end after a long run of empty rows, with a warning', async () => {
    const far = `${PEOPLE}<row r="1002"><c r="A1002"><v>1</v></c></row>`;
    const { events, report } = await processed('a.xlsx', workbookBytes({ sheets: [far] }));

    expect(report.workbooks[0]?.sheets[0]?.scan).toEqual({
      rows_emitted: 1002,
      stopped_early: false,
      truncated_rows: 0,
    });
    expect(events.some(({ level }) => level === 'warning')).toBe(false);

    const farther = `${PEOPLE}<row r="10003"><c r="A10003"><v>1</v></c></row>`;
    const stopped = await processed('a.xlsx', workbookBytes({ sheets: [farther] }));

    expect(stopped.metrics).toMatchObject({ row_count_total: 1000, row_count_empty: 999 });
    expect(stopped.report.workbooks[0]?.sheets[0]?.scan).toEqual({
      rows_emitted: 1001,
      stopped_early: true,
      truncated_rows: 9002,
    });
    expect(stopped.events).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        event: 'engine.log',
        message: 'Stopped scanning sheet after long empty row run',
      }),
    );
  });

  it('warn of rows that were cut', async () => {
    const wide = '<row r="1"><c r="A1" t="inlineStr"><is><t>Email</t></is></c><c r="ZZ1"><v>1</v></c></row>';
    const { events } = await processed('a.xlsx', workbookBytes({ sheets: [wide] }));

    expect(events.find(({ level }) => level === 'warning')?.data).toMatchObject({
      truncated_rows: 1,
      sample_row_indices: [0],
    });
  });
});

describe('columns', () => {
  it('become text where text stands among other values', async () => {
    const { output } = await processed(
      'a.xlsx',
      workbookBytes({
        sheets: [
          `${sheetData([['Email', 'Mixed']])}<row><c t="inlineStr"><is><t>a@x.com</t></is></c><c><v>1</v></c></row><row><c/><c t="b"><v>1</v></c></row><row><c/><c s="1"><v>45355</v></c></row><row><c/><c t="e"><v>#N/A</v></c></row>`,
        ],
        styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
      }),
      { configuration: configurationOf([EMAIL]) },
    );

    expect(output[0]?.rows.map((row) => row[1])).toEqual([
      'Mixed',
      '1',
      'true',
      '2024-03-04 00:00:00',
      '#N/A',
    ]);
  });

  it('keep their name where a column already has the field as its name', async () => {
    const { output, columns, events } = await processed('a.csv', 'E-mail,email\na@x.com,b@x.com\n', {
      configuration: configurationOf([{ name: 'email', headerTokenSets: [['email'], ['e', 'mail']] }]),
    });

    expect(output[0]?.rows[0]).toEqual(['E-mail', 'email']);
    expect(columns.map(({ mapping_status }) => mapping_status)).toEqual(['mapped', 'unmapped']);
    expect(events.find(({ level }) => level === 'warning')).toMatchObject({
      message: 'Mapping rename collision; skipping rename',
      data: { source_index: 0, from_name: 'E-mail', to_name: 'email' },
    });
  });

  it('score by their values too, where the configuration has patterns', async () => {
    const valuePatterns = [{ pattern: '[^@]+@[^@]+', score: 1, minShare: 0.5 }];
    const configuration = configurationOf([{ name: 'email', valuePatterns }, NAME]);
    const csv = 'Name,Contact,Other\nAnn,a@x.com,1\nBob,b@x.com,c@x.com\nCy,none,3\n';

    const { columns } = await processed('a.csv', csv, { configuration });

    expect(columns.map(({ mapped_field, mapping_score }) => [mapped_field, mapping_score])).toEqual([
      ['full_name', 1],
      ['email', 2 / 3],
      [undefined, undefined],
    ]);
  });

  it('lose a field that several claim, where ties are left unmapped', async () => {
    const configuration = configurationOf([EMAIL], { mappingTieResolution: 'leave_unmapped' });
    const { columns } = await processed('a.csv', 'Email,Email 2\na@x.com,b@x.com\n', { configuration });

    expect(columns.map(({ unmapped_reason }) => unmapped_reason)).toEqual([
      'duplicate_field',
      'duplicate_field',
    ]);
  });
});

describe('settings of the output', () => {
  const CSV = 'Email,Note\nbad,x\na@x.com,y\n';
  const checked = { ...EMAIL, validators: [{ pattern: '@' }] };
  const required = { ...NAME, validators: [{ required: true, message: 'no name' }] };

  it('removeUnmappedColumns', async () => {
    expect(
      await rowsIn('a.csv', CSV, {
        configuration: configurationOf([EMAIL], { removeUnmappedColumns: true }),
      }),
    ).toEqual([['email'], ['bad'], ['a@x.com']]);
  });

  it('writeDiagnosticsColumns', async () => {
    const configuration = configurationOf([checked, required], {
      writeDiagnosticsColumns: true,
      addMissingColumns: true,
    });
    const { output, metrics, report } = await processed('a.csv', CSV, { configuration });

    expect(output[0]?.rows).toEqual([
      [
        'email',
        'Note',
        'full_name',
        '__ade_issue__email',
        '__ade_issue__full_name',
        '__ade_has_issues',
        '__ade_issue_count',
      ],
      ['bad', 'x', null, 'Invalid Email: bad', 'no name', true, 2],
      ['a@x.com', 'y', null, null, 'no name', true, 1],
    ]);
    expect(metrics).toMatchObject({
      validation_issues_total: 3,
      validation_issues_warning: 3,
      validation_max_severity: 'warning',
    });
    expect(report.evaluation.findings.at(-1)).toEqual({
      code: 'validation_warnings_present',
      severity: 'warning',
      message: 'Validation warnings were emitted',
      count: 3,
      meta: null,
    });
  });

  it('addMissingColumns: without it a field that no input gave is checked and not written', async () => {
    const { output, metrics } = await processed('a.csv', CSV, {
      configuration: configurationOf([checked, required]),
    });

    expect(output[0]?.rows).toEqual([
      ['email', 'Note'],
      ['bad', 'x'],
      ['a@x.com', 'y'],
    ]);
    expect(metrics).toMatchObject({ validation_issues_total: 3, field_count_not_detected: 1 });
  });

  const TWO = sheetData([
    ['Phone', 'City', 'Email'],
    [1, 'a', 'a@x.com'],
    ['Email', 'Name'],
    ['b@x.com', 'Bob'],
  ]);

  it('sortTablesByMappingRatio', async () => {
    const configuration = configurationOf([EMAIL, NAME], { sortTablesByMappingRatio: true });
    const { output, report } = await processed('a.xlsx', workbookBytes({ sheets: [TWO] }), { configuration });

    expect(output[0]?.rows.map(([first]) => first)).toEqual(['email', 'b@x.com', null, 'Phone', 1]);
    const tables = report.workbooks[0]?.sheets[0]?.tables;
    expect(
      tables?.map(({ locator, outputs }) => [locator.table.index, outputs?.normalized.range_a1]),
    ).toEqual([
      [0, 'Sheet1!A4:C5'],
      [1, 'Sheet1!A1:B2'],
    ]);
  });

  it('mergeTablesInSheet', async () => {
    const configuration = configurationOf([EMAIL, NAME], { mergeTablesInSheet: true });
    const { output, metrics, columns } = await processed('a.xlsx', workbookBytes({ sheets: [TWO] }), {
      configuration,
    });

    expect(output[0]?.rows).toEqual([
      ['Phone', 'City', 'email', 'full_name'],
      [1, 'a', 'a@x.com', null],
      [null, null, 'b@x.com', 'Bob'],
    ]);
    expect(metrics).toMatchObject({
      table_count: 1,
      row_count_total: 2,
      column_count_total: 4,
      column_count_mapped: 2,
    });
    expect(columns.map(({ header_raw, non_empty_cells }) => [header_raw, non_empty_cells])).toEqual([
      ['Phone', 1],
      ['City', 1],
      ['Email', 2],
      ['Name', 1],
    ]);
  });
});

describe('long sheets', () => {
  it('are read a second time for writing, with the same result', async () => {
    const line = (row: number): string => `person${row}@x.com,"Last${row}, First${row}",${row}`;
    const csv = `Email,Name,Number\n${Array.from({ length: 70_000 }, (_, row) => line(row)).join('\n')}\n`;

    const { output, metrics } = await processed('a.csv', csv);

    expect(metrics).toMatchObject({ row_count_total: 70_000, cell_count_non_empty: 210_000 });
    expect(output[0]?.rows.at(-1)).toEqual(['person69999@x.com', 'First69999 Last69999', '69999']);
  });

  it('stop when the run is aborted', async () => {
    const abort = new AbortController();
    const csv = `Email\n${'a@x.com\n'.repeat(50_000)}`;
    const events: string[] = [];
    const work = processWorkbook(
      { name: 'a.csv', bytes: Buffer.from(csv), configuration: DEFAULT_CONFIGURATION, signal: abort.signal },
      { emit: ({ event }) => events.push(event), write: () => undefined },
    );
    setImmediate(() => abort.abort(new Error('cancelled')));

    await expect(work).rejects.toThrow('cancelled');
    expect(events).not.toContain('engine.run.completed');
  });
});

describe('events', () => {
  const golden = readFileSync(new URL('../golden/cases/tiny.events.ndjson', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event.startsWith('engine.'));

  it('are those of the ADE engine, paths and packages aside', async () => {
    const { events } = await processed('tiny.csv', 'First Name,E-mail,Email\nAnn,a@x.com,b@x.com\n,,\n');

    const shown = (list: typeof golden) =>
      JSON.parse(
        JSON.stringify(
          list.map(({ event, level, message }: { event: string; level: string; message: string }) => ({
            event,
            level,
            message,
          })),
        ),
      );
    expect(shown(events)).toEqual(shown(golden));
    const data = (list: typeof golden, name: string) =>
      list.find(({ event }: { event: string }) => event === name)?.data;
    for (const name of ['engine.workbook.started', 'engine.sheet.started', 'engine.table.written']) {
      expect(data(events, name)).toEqual(data(golden, name));
    }
    for (const name of ['engine.run.started', 'engine.run.planned', 'engine.config.loaded']) {
      expect(Object.keys(data(events, name))).toEqual(Object.keys(data(golden, name)));
    }
  });

  it('end with the complete report', async () => {
    const { events } = await processed('tiny.csv', 'First Name,E-mail,Email\nAnn,a@x.com,b@x.com\n,,\n', {
      now: () => new Date('2026-11-22T03:57:50.974Z'),
    });

    const expected = JSON.parse(JSON.stringify(golden.at(-1).data).replaceAll('../output/', ''));
    expected.execution.completed_at = expected.execution.started_at;
    expected.execution.duration_ms = 0;
    expect(JSON.parse(JSON.stringify(events.at(-1)?.data, asAde))).toEqual(expected);
  });

  it('tell everything when debugging', async () => {
    const { events } = await processed('a.csv', 'Name,Email\n"Lee, Ann",a@x.com\n', { debug: true });

    const counts = new Map<string, number>();
    for (const { event, level } of events)
      if (level === 'debug') counts.set(event, (counts.get(event) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      'engine.settings.effective': 1,
      'engine.detector.row_result': 4,
      'engine.row_classification': 2,
      'engine.sheet.tables_detected': 1,
      'engine.detector.column_result': 2,
      'engine.column_classification': 2,
      'engine.transform.result': 1,
      'engine.validation.summary': 1,
    });
    expect(events.find(({ event }) => event === 'engine.transform.result')?.data).toMatchObject({
      sample_before: ['Lee, Ann'],
      sample_after: ['Ann Lee'],
    });
  });

  it('hide faults of ours from the report, and pass them on', async () => {
    const events: { event: string; data?: unknown; error?: unknown }[] = [];
    const work = processWorkbook(
      { name: 'a.csv', bytes: Buffer.from('Email\n'), configuration: DEFAULT_CONFIGURATION },
      { emit: (event) => events.push(event), write: () => Promise.reject(new Error('secret path')) },
    );

    await expect(work).rejects.toThrow('secret path');
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events.at(-1)?.data).toMatchObject({
      execution: { status: 'failed', failure: { code: 'internal_error' } },
    });
  });
});
