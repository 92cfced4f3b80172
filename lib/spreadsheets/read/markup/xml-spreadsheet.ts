import type { CellValue } from '../../cells.ts';
import { unreadable } from '../../failure.ts';
import { MAX_COLUMNS, MAX_ROWS, MAX_SHEETS } from '../../limits.ts';
import { numberFormat, PLAIN_FORMAT, temporalOf, temporalOfIso } from '../number-format.ts';
import { type CellBudget, Grid } from './grid.ts';
import { type Attributes, walkMarkup } from './walk-markup.ts';

/** Formats that the file names instead of writing them ("XML Spreadsheet Reference", ss:Format). */
const NAMED_DATES = /^(General Date|(Long|Medium|Short) (Date|Time))$/;

/** Names without their prefix: which one a file uses is its own business. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

const localAttributes = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));

/** A count that a file says, from 0. */
function countOf(text: string | undefined, last: number): number {
  const count = Number.parseInt(text ?? '0', 10);
  return Number.isNaN(count) || count < 0 ? 0 : Math.min(count, last);
}

/** A place that a file says, from 1; undefined where it says none. */
const placeOf = (text: string | undefined, last: number): number | undefined =>
  text === undefined ? undefined : Math.max(countOf(text, last + 1) - 1, 0);

function cellValue(text: string, type: string | undefined, format: string | undefined): CellValue {
  if (text === '') return null;
  if (type === 'Boolean') return text === '1';
  if (type === 'DateTime') return temporalOfIso(text) ?? text;
  if (type !== 'Number') return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (format === undefined) return value;
  if (NAMED_DATES.test(format)) return temporalOf(value, 'datetime', false) ?? value;
  const { kind, mask } = format === '' ? PLAIN_FORMAT : numberFormat(format);
  if (kind !== 'number') return temporalOf(value, kind, false) ?? value;
  const shown = mask === null ? null : mask(value);
  return shown === null ? value : { kind: 'shown', value, text: shown };
}

/** The sheets of an "XML Spreadsheet 2003". Throws SpreadsheetFailure. */
export function xmlSpreadsheet(text: string, budget: CellBudget): Grid[] {
  const grids: Grid[] = [];
  const formats = new Map<string, string>();
  let style: string | undefined;
  let grid: Grid | undefined;
  let cell: Attributes | undefined;
  let data: { readonly type: string | undefined; text: string } | undefined;
  let value: CellValue = null;
  let inComment = false;

  const open = new Map<string, (attributes: Attributes) => void>(
    Object.entries({
      Style: ({ ID }) => {
        style = ID;
      },
      NumberFormat: ({ Format = '' }) => {
        if (style !== undefined) formats.set(style, Format);
      },
      Worksheet: ({ Name = `Sheet${grids.length + 1}` }) => {
        if (grids.length === MAX_SHEETS) throw unreadable(`The workbook has more than ${MAX_SHEETS} sheets.`);
        grid = new Grid(Name, budget);
        grids.push(grid);
      },
      Row: ({ Index, Hidden }) => grid?.startRow(Hidden === '1', placeOf(Index, MAX_ROWS)),
      Cell: (attributes) => {
        cell = attributes;
        value = null;
      },
      Comment: () => {
        inComment = true;
      },
      Data: ({ Type }) => {
        if (!inComment) data = { type: Type, text: '' };
      },
    }),
  );
  const close = new Map<string, () => void>(
    Object.entries({
      Style: () => {
        style = undefined;
      },
      Comment: () => {
        inComment = false;
      },
      Data: () => {
        if (data !== undefined) value = cellValue(data.text, data.type, formats.get(cell?.StyleID ?? ''));
        data = undefined;
      },
      Cell: () => {
        if (cell === undefined) return;
        const { Index, MergeAcross, MergeDown } = cell;
        grid?.place(value, {
          column: placeOf(Index, MAX_COLUMNS),
          columns: countOf(MergeAcross, MAX_COLUMNS) + 1,
          rows: countOf(MergeDown, MAX_ROWS) + 1,
        });
        cell = undefined;
      },
      Row: () => grid?.endRow(),
      Worksheet: () => {
        grid = undefined;
      },
    }),
  );

  walkMarkup(
    text,
    {
      open: (tag, attributes) => open.get(local(tag))?.(localAttributes(attributes)),
      text: (part) => {
        if (data !== undefined) data.text += part;
      },
      close: (tag) => close.get(local(tag))?.(),
    },
    { xml: true },
  );
  if (grids.length === 0) throw unreadable('The file is an XML Spreadsheet, but there is no sheet inside.');
  return grids;
}
