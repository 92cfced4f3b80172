import type { CellValue } from '../../cells.ts';
import { MAX_COLUMNS, MAX_ROWS } from '../../limits.ts';
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

/**
 * A text as a browser shows it, without white space around it. Excel writes the number itself as `x:num`
 * ("Microsoft Office HTML and XML Reference"), beside what its format shows of it.
 */
function cellValue({ text, attributes }: OpenCell): CellValue {
  const lines = text.split('\n').map((line) => line.replace(/[\s\u00a0]+/gu, ' ').trim());
  const shown = lines.join('\n').trim();
  const said = attributes['x:num'];
  if (said === undefined) return shown === '' ? null : shown;
  const number = Number(said === '' ? shown : said);
  return Number.isFinite(number) && (said !== '' || shown !== '') ? number : shown === '' ? null : shown;
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
        if (UNSEEN.has(tag)) unseen++;
        else if (tag === 'table') {
          endRow();
          if (grid.hasRows) grid.leaveRow();
        } else if (tag === 'tr') startRow(attributes);
        else if (CELLS.has(tag)) {
          endCell();
          if (!inRow) startRow({});
          cell = { attributes, text: '' };
        } else if (LINES.has(tag) && cell !== undefined && cell.text !== '') cell.text += '\n';
      },
      text(part) {
        // A line end of the file's is a space like any other.
        if (cell !== undefined && unseen === 0) cell.text += part.replaceAll('\n', ' ');
      },
      close(tag) {
        if (UNSEEN.has(tag)) unseen = Math.max(unseen - 1, 0);
        else if (CELLS.has(tag)) endCell();
        else if (tag === 'tr' || tag === 'table') endRow();
      },
    },
    { xml: false },
  );
  endRow();
  return grid;
}
