import type { WorkBook } from 'xlsx';
import { type HeldBook, type HeldSheet, heldReader } from './held-reader.ts';
import type { SheetFacts, WorkbookReader } from './reader.ts';
import { parseHeld } from './sheetjs.ts';

/** The tab a workbook opens with; SheetJS keeps what the file says in a place its types do not name. */
function activeTab(book: WorkBook): number {
  const views: unknown = Reflect.get(book.Workbook ?? {}, 'WBView');
  const first: unknown = Array.isArray(views) ? views[0] : undefined;
  const tab =
    typeof first === 'object' && first !== null ? Number(Reflect.get(first, 'activeTab')) : Number.NaN;
  if (Number.isInteger(tab)) return tab;
  const visible = book.SheetNames.findIndex((_, index) => !book.Workbook?.Sheets?.[index]?.Hidden);
  return Math.max(visible, 0);
}

const hasNote = (cell: unknown): boolean => typeof cell === 'object' && cell !== null && 'c' in cell;

function factsOf(content: NonNullable<HeldSheet['content']>): Omit<SheetFacts, 'units'> {
  const hiddenColumns = (content['!cols'] ?? []).flatMap((column, index) =>
    column?.hidden === true ? [index] : [],
  );
  const cells: readonly unknown[] = (content['!data'] ?? []).flat();
  return {
    hiddenRows: (content['!rows'] ?? []).filter((row) => row?.hidden === true).length,
    hiddenColumns,
    merged: (content['!merges'] ?? []).map(({ s, e }) => ({ top: s.r, left: s.c, bottom: e.r, right: e.c })),
    notes: cells.filter(hasNote).length,
    filters: content['!autofilter'] === undefined ? 0 : 1,
    uncalculated: { count: 0, first: null },
  };
}

/** A workbook whose sheets are found by SheetJS alone. */
function held(format: HeldBook['format'], book: WorkBook): WorkbookReader {
  const active = activeTab(book);
  const sheets = book.SheetNames.flatMap((name, index): HeldSheet[] => {
    const content = book.Sheets[name];
    if (content === undefined || (content['!type'] ?? 'sheet') !== 'sheet') return [];
    const visible = !book.Workbook?.Sheets?.[index]?.Hidden;
    return [
      {
        sheet: { name, index, visible, active: index === active },
        content,
        isHiddenRow: (row) => content['!rows']?.[row]?.hidden === true,
        facts: factsOf(content),
      },
    ];
  });
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  return heldReader({ format, sheets, tabCount: book.SheetNames.length, date1904, findings: [] });
}

/** A reader for .xlsb. The zip file must have passed the guard, and every entry must have been verified. */
export const xlsbReader = async (bytes: Uint8Array): Promise<WorkbookReader> =>
  held('xlsb', await parseHeld(bytes));

/** A reader for .xls of versions before 5, which have one sheet or a workspace of them. */
export const earlierReader = async (stream: Uint8Array): Promise<WorkbookReader> =>
  held('xls', await parseHeld(stream));
