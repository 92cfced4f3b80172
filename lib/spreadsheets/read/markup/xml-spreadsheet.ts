import type { CellValue } from '../../cells.ts';
import { tooLarge, unreadable } from '../../failure.ts';
import { MAX_COLUMNS, MAX_ROWS, MAX_SHEET_NAME, MAX_SHEETS } from '../../limits.ts';
import { type CellBudget, Grid } from './grid.ts';
import { type Attributes, walkMarkup } from './walk-markup.ts';
import { XmlStyles } from './xml-styles.ts';
import { xmlValue } from './xml-value.ts';

/** The sheets of a document, and which one was open when it was saved. */
export interface XmlBook {
  readonly grids: readonly Grid[];
  readonly activeTab: number;
}

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

/** An element whose text is wanted, as far as it has been read. */
interface Said {
  readonly type: string | undefined;
  text: string;
}

/** The sheets of an "XML Spreadsheet 2003". Throws SpreadsheetFailure. */
export function xmlSpreadsheet(text: string, budget: CellBudget): XmlBook {
  const grids: Grid[] = [];
  const styles = new XmlStyles();
  let activeTab = 0;
  let date1904 = false;
  let style: string | undefined;
  let grid: Grid | undefined;
  let columns: (string | undefined)[] = [];
  let rowStyle: string | undefined;
  let tableStyle: string | undefined;
  let cell: Attributes | undefined;
  let data: Said | undefined;
  let option: Said | undefined;
  let inComment = false;

  const startOption = (): void => {
    option = { type: undefined, text: '' };
  };
  const endOption = (): string => {
    const said = option?.text.trim() ?? '';
    option = undefined;
    return said;
  };

  function addColumns({ Index, Span, Hidden, StyleID }: Attributes): void {
    const from = Math.max(placeOf(Index, MAX_COLUMNS) ?? 0, columns.length);
    const to = Math.min(from + countOf(Span, MAX_COLUMNS) + 1, MAX_COLUMNS);
    grid?.facts.column(false, Math.max(0, Math.min(from, MAX_COLUMNS) - columns.length));
    while (columns.length < from && columns.length < MAX_COLUMNS) columns.push(undefined);
    grid?.facts.column(Hidden === '1', Math.max(0, to - columns.length));
    while (columns.length < to) columns.push(StyleID);
  }

  function endCell(): void {
    if (cell === undefined || grid === undefined) return;
    const { Index, MergeAcross, MergeDown, StyleID, Formula } = cell;
    const span = {
      columns: countOf(MergeAcross, MAX_COLUMNS) + 1,
      rows: countOf(MergeDown, MAX_ROWS) + 1,
    };
    const column = grid.free(placeOf(Index, MAX_COLUMNS));
    const format = styles.of(StyleID ?? rowStyle ?? columns[column] ?? tableStyle);
    const value: CellValue = data === undefined ? null : xmlValue(data.text, data.type, format, date1904);
    const isCounted = typeof value === 'number' || (typeof value === 'object' && value?.kind === 'duration');
    if (isCounted && format.unit !== null) grid.facts.unit(format.unit, column, 1, 1);
    if (Formula !== undefined && value === null && data?.type !== 'String') grid.uncalculated(column);
    grid.place(value, column, span);
    cell = undefined;
    data = undefined;
  }

  const open = new Map<string, (attributes: Attributes) => void>(
    Object.entries({
      ActiveSheet: startOption,
      Visible: startOption,
      Date1904: () => {
        date1904 = true;
      },
      Style: ({ ID, Parent }) => {
        style = ID;
        if (ID !== undefined) styles.add(ID, Parent);
      },
      NumberFormat: ({ Format }) => {
        if (style !== undefined && Format !== undefined) styles.format(style, Format);
      },
      Worksheet: ({ Name = `Sheet${grids.length + 1}` }) => {
        if (grids.length === MAX_SHEETS) throw tooLarge(`The workbook has more than ${MAX_SHEETS} sheets.`);
        grid = new Grid(Name.slice(0, MAX_SHEET_NAME), budget);
        grids.push(grid);
        columns = [];
        tableStyle = undefined;
      },
      Table: ({ StyleID }) => {
        tableStyle = StyleID;
      },
      Column: addColumns,
      Row: ({ Index, Hidden, Span, StyleID }) => {
        rowStyle = StyleID;
        grid?.startRow(Hidden === '1', placeOf(Index, MAX_ROWS), countOf(Span, MAX_ROWS) + 1);
      },
      Cell: (attributes) => {
        cell = attributes;
        data = undefined;
      },
      Comment: () => {
        inComment = true;
        grid?.facts.note();
      },
      Data: ({ Type }) => {
        if (!inComment && cell !== undefined) data = { type: Type, text: '' };
      },
      AutoFilter: () => {
        if (grid !== undefined) grid.facts.filters = 1;
      },
    }),
  );
  const close = new Map<string, () => void>(
    Object.entries({
      ActiveSheet: () => {
        activeTab = countOf(endOption(), MAX_SHEETS);
      },
      Visible: () => {
        const said = endOption();
        if (grid !== undefined) grid.visible = !/^Sheet(Very)?Hidden$/.test(said);
      },
      Style: () => {
        style = undefined;
      },
      Comment: () => {
        inComment = false;
      },
      Cell: endCell,
      Row: () => grid?.endRow(),
      Worksheet: () => {
        grid?.endTable();
        grid = undefined;
      },
    }),
  );

  let inData = 0;
  walkMarkup(
    text,
    {
      open: (tag, attributes) => {
        const name = local(tag);
        if (name === 'Data') inData++;
        open.get(name)?.(localAttributes(attributes));
      },
      text: (part) => {
        if (option !== undefined) option.text += part;
        else if (data !== undefined && inData > 0 && !inComment) data.text += part;
      },
      close: (tag) => {
        const name = local(tag);
        if (name === 'Data') inData--;
        close.get(name)?.();
      },
    },
    { xml: true },
  );
  if (grids.length === 0) throw unreadable('The file is an XML Spreadsheet, but there is no sheet inside.');
  return { grids, activeTab };
}
