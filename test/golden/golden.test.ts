import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_CONFIGURATION,
  type EngineEvent,
  processWorkbook,
  SpreadsheetFailure,
} from '../../lib/spreadsheets/index.ts';
import type { CsvOptions } from '../../lib/spreadsheets/read/reader.ts';
import type { RunReport } from '../../lib/spreadsheets/report/report.ts';
import {
  type RunColumn,
  type RunField,
  runColumns,
  runFields,
  runMetrics,
} from '../../lib/spreadsheets/report/wire.ts';
import { readOutput } from './read-output.ts';

const CASES = new URL('./cases/', import.meta.url);

/** Results of the real ADE engine for its sample workbooks (S) and for edge cases (E). */
const inputs = readdirSync(CASES)
  .filter((name) => /^[SE]\d+_/.test(name))
  .sort();

const expectedOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name.slice(0, 3)}.json`, CASES), 'utf8'));

/** What makes the reading of text files ADE's: decision 0012. */
const AS_ADE: CsvOptions = { encoding: 'utf-8', delimiter: ',' };
const SUPERSEDED = 'E22_semicolon.csv';

// This ADE does not say which column it was, why it got its field, what came second and what of it is valid.
const asAde = ({ column_id, mapping_reason, runner_up, valid_cells, ...column }: RunColumn): RunColumn =>
  column;
const fieldAsAde = ({ valid_cells, ...field }: RunField): RunField => field;

async function result(name: string, csv: CsvOptions = {}) {
  const events: EngineEvent[] = [];
  const chunks: Uint8Array[] = [];
  const configuration = { ...DEFAULT_CONFIGURATION, settings: { ...DEFAULT_CONFIGURATION.settings, csv } };
  const input = { name, bytes: readFileSync(new URL(name, CASES)), configuration };
  const failure = await processWorkbook(input, {
    emit: (event) => events.push(event),
    write: (chunk) => void chunks.push(chunk),
  }).then(
    () => null,
    (error: unknown) => error,
  );
  const report = events.at(-1)?.data as unknown as RunReport;
  const tables = report.workbooks.flatMap(({ sheets }) =>
    sheets.flatMap((sheet) =>
      sheet.tables.map(({ locator, structure, counts, outputs }) => ({
        sheet: locator.sheet,
        is_active_sheet: sheet.is_active_sheet,
        table_index: locator.table.index,
        region: structure.region.a1,
        header: structure.header,
        data: structure.data,
        counts,
        output_range: outputs?.normalized.range_a1 ?? null,
      })),
    ),
  );
  return {
    thrown: failure,
    shown: {
      events: events.map(({ event }) => event),
      metrics: runMetrics(report),
      fields: runFields(report).map(fieldAsAde),
      columns: runColumns(report).map(asAde),
      execution_status: report.execution.status,
      failure: report.execution.failure,
      evaluation: report.evaluation,
      tables,
      output: failure === null ? readOutput(Buffer.concat(chunks)) : null,
    },
  };
}

describe('results of the ADE engine', () => {
  it.each(inputs.filter((name) => !name.startsWith('E26') && name !== SUPERSEDED))('%s', async (name) => {
    const { shown, thrown } = await result(name);

    expect(thrown).toBeNull();
    expect(shown).toEqual(expectedOf(name));
  });

  it.each(inputs.filter((name) => name.endsWith('.csv')))(
    '%s, its encoding and delimiter told',
    async (name) => {
      const { shown, thrown } = await result(name, AS_ADE);

      expect(thrown).toBeNull();
      expect(shown).toEqual(expectedOf(name));
    },
  );

  it('E22_semicolon.csv has two columns where nothing is told', async () => {
    const { shown } = await result(SUPERSEDED);

    expect(shown).toMatchObject({
      events: expect.arrayContaining(['engine.read.detected']),
      metrics: {
        column_count_total: 2,
        column_count_mapped: 2,
        csv_encoding: 'utf-8',
        csv_delimiter: ';',
        csv_confidence: expect.any(Number),
      },
      tables: [{ region: 'A1:B2' }],
      output: {
        sheets: [
          {
            rows: [
              ['first_name', 'email', 'full_name'],
              ['Ann', 'a@x.com', null],
            ],
          },
        ],
      },
    });
  });

  it('E26_old.xls is the bare start of a compound file: the same failed run, with a reason of ours', async () => {
    const { shown, thrown } = await result('E26_old.xls');

    expect(thrown).toBeInstanceOf(SpreadsheetFailure);
    expect(shown).toEqual({
      ...expectedOf('E26_old.xls'),
      failure: {
        code: 'unreadable_file',
        stage: 'read',
        message: 'The file is damaged: there is no workbook inside. Save it again as .xlsx.',
      },
    });
  });
});
