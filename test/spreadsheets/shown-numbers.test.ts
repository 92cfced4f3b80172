import { describe, expect, it } from 'vitest';
import type { CellValue, PlainValue, ShownNumber } from '../../lib/spreadsheets/cells.ts';
import { RowClassifier } from '../../lib/spreadsheets/detect/row-classifier.ts';
import { ReadBudget } from '../../lib/spreadsheets/detect/row-scan.ts';
import { TableDetector } from '../../lib/spreadsheets/detect/table-detector.ts';
import { ColumnMapper, columnNames, renameMapped } from '../../lib/spreadsheets/map/column-mapper.ts';
import { fieldRules } from '../../lib/spreadsheets/render/field-rules.ts';
import { planTables } from '../../lib/spreadsheets/render/render-plan.ts';
import { RowRenderer } from '../../lib/spreadsheets/render/row-renderer.ts';
import { RuleBudget } from '../../lib/spreadsheets/rule-budget.ts';
import { configurationOf } from './support/process.ts';

const shown = (value: number, text: string): ShownNumber => ({ kind: 'shown', value, text });

/** The values written of a column of these cells under the header `Code`. */
async function written(cells: CellValue[], dtype: string, header = 'Code'): Promise<PlainValue[]> {
  const configuration = configurationOf([{ name: 'code', headerTokenSets: [['code']], dtype }]);
  const detector = new TableDetector({ sampleSize: 10, mergeStackedHeaders: true, budget: new ReadBudget() });
  detector.accept([header], 'header');
  for (const cell of cells) detector.accept([cell], 'data');
  const [survey] = detector.finish();
  if (survey === undefined) throw new Error('There is no table');
  const mappings = new ColumnMapper(configuration).map(survey.headers, survey.columns);
  const { names } = renameMapped(columnNames(mappings), mappings);
  const rules = fieldRules(configuration, new RuleBudget());
  const plan = planTables([{ index: 0, survey, mappings, names }], rules, configuration.settings);
  const values: PlainValue[] = [];
  const writer = {
    startRow: () => undefined,
    cell: (_slot: number, value: PlainValue) => void values.push(value),
    endRow: () => undefined,
    end: async () => undefined,
  };
  const renderer = new RowRenderer(plan, writer, false);
  const [{ columns } = { columns: [] }] = plan.parts;
  for (const cell of cells) await renderer.row([cell], columns);
  return values;
}

describe('a number that is shown as a name', () => {
  const ZIP = shown(2494, '02494');

  it.each<[string, CellValue[], string, PlainValue[]]>([
    ['is its text in a field of texts', [ZIP, shown(7, '00007')], 'string', ['02494', '00007']],
    ['is its value in a field of numbers', [ZIP], 'number', [2494]],
    ['is its value in a field of whole numbers', [ZIP], 'integer', [2494]],
    ['leaves a field of numbers numbers, beside plain ones', [ZIP, 12], 'number', [2494, 12]],
    ['makes a field of texts texts, beside plain ones', [ZIP, 12], 'string', ['02494', '12']],
    [
      'is its value as text where texts stand in a field of numbers',
      [ZIP, 'none'],
      'number',
      ['2494', 'none'],
    ],
    ['stays its text where texts stand beside it', [ZIP, 'none'], 'string', ['02494', 'none']],
  ])('%s', async (_, cells, dtype, expected) => {
    expect(await written(cells, dtype)).toEqual(expected);
  });

  it('is its text in a column that is no field', async () => {
    expect(await written([ZIP], 'number', 'Postcode')).toEqual(['02494']);
  });

  it('makes a row look like data as any number does', () => {
    const classifier = new RowClassifier(['name', 'email']);

    expect(classifier.explain(['Name', ZIP])).toEqual(classifier.explain(['Name', 2494]));
  });
});
