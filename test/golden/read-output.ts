import { type CellObject, type DenseWorkSheet, read, utils } from 'xlsx';

export type GoldenCell = string | number | boolean | null | { date: string } | { time: string };

export interface GoldenSheet {
  name: string;
  dims: string;
  n_rows: number;
  rows: GoldenCell[][];
}

const DAY_MS = 86_400_000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);

function goldenCell(cell: CellObject | undefined): GoldenCell {
  if (cell?.v === undefined) return null;
  if (cell.t === 'n' && typeof cell.v === 'number' && typeof cell.z === 'string' && /[ymdhs]/.test(cell.z)) {
    const ms = Math.round(cell.v * DAY_MS);
    if (cell.v < 1) return { time: new Date(ms).toISOString().slice(11, 19) };
    return { date: new Date(EPOCH_1900 + ms).toISOString().slice(0, 19) };
  }
  return cell.v instanceof Date ? null : cell.v;
}

/** A written workbook as the expected results show theirs, read by an independent implementation. */
export function readOutput(bytes: Uint8Array): { active: string; sheets: GoldenSheet[] } {
  const book = read(bytes, { type: 'buffer', dense: true, cellNF: true, cellText: false });
  const views: unknown = Reflect.get(book.Workbook ?? {}, 'WBView');
  const active = Array.isArray(views) ? Number(views[0]?.activeTab) : 0;
  const sheets = book.SheetNames.map((name): GoldenSheet => {
    const sheet = book.Sheets[name] as DenseWorkSheet;
    const range = utils.decode_range(sheet['!ref'] ?? 'A1:A1');
    const data = sheet['!data'];
    const rows = data.length === 0 ? 0 : range.e.r + 1;
    return {
      name,
      dims: `${utils.encode_cell({ r: 0, c: 0 })}:${utils.encode_cell(range.e)}`,
      n_rows: rows,
      rows: Array.from({ length: rows }, (_, row) =>
        Array.from({ length: range.e.c + 1 }, (_, column) => goldenCell(data[row]?.[column])),
      ),
    };
  });
  return { active: book.SheetNames[active] ?? '', sheets };
}
