import type { CellValue } from '../../cells.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../../limits.ts';
import { type NumberFormat, temporalOf } from '../number-format.ts';
import { CssFormats } from './css-formats.ts';
import { type CellBudget, Grid } from './grid.ts';
import { type Attributes, walkMarkup } from './walk-markup.ts';

/** Elements that begin a line of their own inside a cell. */
const LINES = new Set(['br', 'p', 'div', 'li', 'h1', 'h2', 'h3', 'h4']);
/** Elements whose text nobody sees. */
const UNSEEN = new Set(['script', 'style', 'title', 'noscript', 'template', 'xml']);
const CELLS = new Set(['td', 'th']);

/** Browsers span at most this many (HTML, "forming a table"). */
const MAX_COLSPAN = 1000;
const MAX_ROWSPAN = 65_534;

interface OpenCell {
  readonly attributes: Attributes;
  text: string;
}

const spanOf = (text: string | undefined, most: number, last: number): number => {
  const span = Number.parseInt(text ?? '1', 10);
  return Math.min(Number.isNaN(span) || span < 1 ? 1 : span, most, last);
};

const isHidden = ({ style = '' }: Attributes): boolean => /display\s*:\s*none/i.test(style);

/** A text as a browser shows it, without white space around it. */
function shownText(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/[\s\u00a0]+/gu, ' ').trim());
  return lines.join('\n').trim();
}

/** A number by its format, with the zeros that are shown before it. */
function numberValue(
  value: number,
  shown: string,
  { kind, mask }: NumberFormat,
  date1904: boolean,
): CellValue {
  if (kind !== 'number') return temporalOf(value, kind, date1904) ?? value;
  const text = mask?.(value) ?? (/^0\d+$/.test(shown) && Number(shown) === value ? shown : null);
  return text === null ? value : { kind: 'shown', value, text };
}

/**
 * The tables of a web page one below another on one sheet, a blank row between, as spreadsheet programs open
 * such a file. A table inside a cell takes the rows below those of its cell's row so far.
 */
export function htmlTables(text: string, name: string, budget: CellBudget): Grid {
  const grid = new Grid(name, budget);
  let cell: OpenCell | undefined;
  let inRow = false;
  let unseen = 0;
  let sheet: string | undefined;
  const formats = new CssFormats();
  const date1904 = text.includes('<x:Date1904');

  /**
   * What a cell holds. Excel writes the number itself as `x:num` ("Microsoft Office HTML and XML Reference"),
   * beside what its format shows of it.
   */
  const cellValue = ({ text, attributes }: OpenCell): CellValue => {
    const shown = shownText(text);
    const said = attributes['x:num'];
    const digits = said?.trim() || shown;
    const number = said === undefined || digits === '' ? Number.NaN : Number(digits);
    if (!Number.isFinite(number)) return shown === '' ? null : shown;
    const format = formats.of(attributes.style, attributes.class);
    const value = numberValue(number, shown, format, date1904);
    const isCounted = typeof value === 'number' || (typeof value === 'object' && value?.kind === 'duration');
    if (isCounted && format.unit !== null) grid.facts.unit(format.unit, grid.free(), 1, 1);
    return value;
  };
  const endCell = (): void => {
    if (cell === undefined) return;
    const { colspan, rowspan } = cell.attributes;
    const columns = spanOf(colspan, MAX_COLSPAN, MAX_COLUMNS);
    grid.place(cellValue(cell), grid.free(), { columns, rows: spanOf(rowspan, MAX_ROWSPAN, MAX_ROWS) });
    cell = undefined;
  };
  const endRow = (): void => {
    endCell();
    if (inRow) grid.endRow();
    inRow = false;
  };
  const startRow = (attributes: Attributes): void => {
    endRow();
    grid.startRow(isHidden(attributes));
    inRow = true;
  };

  walkMarkup(
    text,
    {
      open(tag, attributes) {
        if (tag === 'style') sheet = '';
        if (UNSEEN.has(tag)) unseen++;
        else if (tag === 'table') {
          endRow();
          grid.endTable(grid.lastRow);
          if (grid.hasRows) grid.leaveRow();
        } else if (tag === 'tr') startRow(attributes);
        else if (CELLS.has(tag)) {
          endCell();
          if (!inRow) startRow({});
          cell = { attributes, text: '' };
        } else if (LINES.has(tag) && cell !== undefined && cell.text !== '') cell.text += '\n';
      },
      text(part) {
        if (sheet !== undefined) sheet += part;
        // A line end of the file's is a space like any other.
        if (cell !== undefined && unseen === 0) cell.text += part.replaceAll('\n', ' ');
      },
      close(tag) {
        if (tag === 'style' && sheet !== undefined) {
          formats.add(sheet);
          sheet = undefined;
        }
        if (UNSEEN.has(tag)) unseen = Math.max(unseen - 1, 0);
        else if (CELLS.has(tag)) endCell();
        else if (tag === 'tr' || tag === 'table') endRow();
      },
    },
    { xml: false },
  );
  endRow();
  grid.endTable(grid.lastRow);
  return grid;
}
