import { headerText } from '../cells.ts';
import { openWorkbook } from '../read/open-workbook.ts';
import { writtenBoolean } from '../transform/reading/boolean-text.ts';
import { nearestName } from '../words/suggest.ts';
import { headerKey } from '../words/words.ts';
import { fieldName, headersOf } from './field-name.ts';
import { type ImportedField, type ImportedFields, ImportProblem } from './import-problem.ts';

const BATCH_ROWS = 100;

/** What parts several values in one cell. */
const SEVERAL = /\s*[|\n]\s*/;

type Cells = ReadonlyMap<string, string>;

/** Columns of a table of fields, by their words, and what they are called here. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ...['name', 'label', 'headers', 'required', 'unique', 'pattern', 'min', 'max', 'list', 'similarity'].map(
    (name): [string, string] => [name, name],
  ),
  ['dtype', 'dtype'],
  ['type', 'dtype'],
  ['header', 'headers'],
  ['oneof', 'oneOf'],
  ['one of', 'oneOf'],
  ['values', 'oneOf'],
  ['minlength', 'minLength'],
  ['min length', 'minLength'],
  ['maxlength', 'maxLength'],
  ['max length', 'maxLength'],
  ['checksum', 'checksum'],
  ['transforms', 'transforms'],
]);
const NAMES = [...new Set([...COLUMNS.values(), 'type'])];

function columnOf(header: string, at: number): string {
  const known = COLUMNS.get(headerKey(header));
  if (known !== undefined) return known;
  const near = nearestName(header, NAMES);
  const meant = near === undefined ? '' : `: did you mean ${JSON.stringify(near)}?`;
  throw new ImportProblem(
    `row 1, column ${at + 1}`,
    `There is no column ${JSON.stringify(header)}${meant === '' ? `; there are ${NAMES.join(', ')}` : meant}`,
  );
}

const several = (text: string | undefined): string[] =>
  text === undefined ? [] : text.split(SEVERAL).filter((part) => part !== '');

/** A word of yes or no in any language. @throws ImportProblem for any other. */
function flag(cells: Cells, column: string, row: number): boolean {
  const text = cells.get(column);
  const value = text === undefined ? false : writtenBoolean(text);
  if (value !== null) return value;
  throw new ImportProblem(`row ${row}, ${column}`, `${JSON.stringify(text)} is neither yes nor no`);
}

function number(cells: Cells, column: string, row: number): number | undefined {
  const text = cells.get(column);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new ImportProblem(`row ${row}, ${column}`, `${JSON.stringify(text)} is no number`);
}

function validatorsOf(cells: Cells, row: number): unknown[] {
  const [min, max] = [number(cells, 'min', row), number(cells, 'max', row)];
  const oneOf = several(cells.get('oneOf'));
  const list = cells.get('list');
  const similarity = number(cells, 'similarity', row);
  const rules: [boolean, unknown][] = [
    [flag(cells, 'required', row), { required: true }],
    [flag(cells, 'unique', row), { unique: true }],
    [oneOf.length > 0, { oneOf }],
    [cells.has('pattern'), { pattern: cells.get('pattern') }],
    [cells.has('minLength'), { minLength: number(cells, 'minLength', row) }],
    [cells.has('maxLength'), { maxLength: number(cells, 'maxLength', row) }],
    [
      min !== undefined || max !== undefined,
      { range: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } },
    ],
    [cells.has('checksum'), { checksum: cells.get('checksum') }],
    [list !== undefined, { reference: { list, ...(similarity === undefined ? {} : { similarity }) } }],
  ];
  return rules.flatMap(([applies, rule]) => (applies ? [rule] : []));
}

function fieldOf(cells: Cells, row: number): ImportedField {
  const [label, name] = [cells.get('label'), cells.get('name')];
  const called = name ?? label ?? several(cells.get('headers'))[0];
  if (called === undefined) throw new ImportProblem(`row ${row}, name`, 'is missing: a field has a name');
  const validators = validatorsOf(cells, row);
  const transforms = several(cells.get('transforms'));
  return {
    name: fieldName(called, row - 1),
    ...(label === undefined ? {} : { label }),
    dtype: cells.get('dtype')?.toLowerCase() ?? 'string',
    headers: headersOf([label, name, ...several(cells.get('headers'))]),
    ...(transforms.length === 0 ? {} : { transforms }),
    ...(validators.length === 0 ? {} : { validators }),
  };
}

/**
 * The fields of a table that has one in each row: `name`, `dtype`, `label`, `headers` (parted by `|`), `required` …
 * @throws ImportProblem that names the row and the column; SpreadsheetFailure for a file that cannot be read.
 */
export async function fieldsOfTable(name: string, bytes: Uint8Array): Promise<ImportedFields> {
  const reader = await openWorkbook(name, bytes);
  const [sheet] = reader.sheets;
  let columns: string[] | undefined;
  const fields: ImportedField[] = [];
  if (sheet !== undefined) {
    for await (const { rows } of reader.rows(sheet, BATCH_ROWS)) {
      for (const { index, cells } of rows) {
        const texts = cells.map((cell) => headerText(cell) ?? undefined);
        if (texts.every((text) => text === undefined)) continue;
        if (columns === undefined) {
          columns = texts.map((text, at) => (text === undefined ? '' : columnOf(text, at)));
          continue;
        }
        const named = columns.flatMap((column, at): [string, string][] => {
          const text = texts[at];
          return column === '' || text === undefined ? [] : [[column, text]];
        });
        fields.push(fieldOf(new Map(named), index + 1));
      }
    }
  }
  if (fields.length === 0) {
    throw new ImportProblem(
      'row 2',
      'there is no field: the first row names the columns, each other one is a field',
    );
  }
  return { fields, ignored: [] };
}
