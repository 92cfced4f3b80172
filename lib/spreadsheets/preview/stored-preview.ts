import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { OutputSheet } from '../process-workbook.ts';
import {
  type FirstRows,
  MAX_PREVIEW_COLUMNS,
  MAX_PREVIEW_ROWS,
  type PreviewSource,
  type SheetTotals,
} from './preview-source.ts';
import { MAX_PREVIEW_BYTES } from './sheet-preview.ts';
import { workbookSource } from './workbook-source.ts';

/**
 * A preview that is kept beside a workbook, so that looking at its first rows costs the same whatever its
 * size: an index, then the first rows of each sheet in blocks, each packed by itself and found by the index.
 *
 * A sheet's rows are kept as long as they fit into one answer, so a default preview never opens the workbook.
 * A workbook of many such sheets keeps this many bytes, before packing, for those it begins with.
 */
const MAX_BYTES = 4 * MAX_PREVIEW_BYTES;
// A first screen of rows is one block; a block inflates in a millisecond.
const BLOCK_ROWS = 500;
const BLOCK_BYTES = 256 * 1024;
// The fastest level: previews are written with every run and read now and then.
const LEVEL = 1;

const PreviewIndex = z.object({
  sheets: z.array(
    z.object({
      name: z.string(),
      isActive: z.boolean(),
      totalRows: z.int(),
      totalColumns: z.int(),
      blocks: z.array(z.object({ rows: z.int(), bytes: z.int() })),
    }),
  ),
});
export type PreviewIndex = z.infer<typeof PreviewIndex>;

const Rows = z.array(z.array(z.string()));

export interface EncodedPreview {
  readonly bytes: Uint8Array;
  /** The index is this many bytes at the start. */
  readonly indexBytes: number;
}

/** Makes the preview of a workbook that was just written. Throws SpreadsheetFailure, and the signal's reason. */
export async function encodePreview(
  workbook: Uint8Array,
  sheets: readonly OutputSheet[],
  signal?: AbortSignal,
): Promise<EncodedPreview> {
  const source = await workbookSource(workbook);
  const packed: Uint8Array[] = [];
  const index: PreviewIndex = { sheets: [] };
  let left = MAX_BYTES;
  for (const { name, index: at, isActive, totalRows, totalColumns } of sheets) {
    const rows = left > 0 ? await rowsOf(source, at, { totalRows, totalColumns }, signal) : [];
    const blocks = blocksOf(rows, Math.min(left, MAX_PREVIEW_BYTES));
    left -= blocks.reduce((sum, { text }) => sum + text.length, 0);
    const entries = blocks.map((block) => {
      const bytes = gzipSync(block.text, { level: LEVEL });
      packed.push(bytes);
      return { rows: block.rows, bytes: bytes.length };
    });
    index.sheets.push({ name, isActive, totalRows, totalColumns, blocks: entries });
  }
  const head = gzipSync(JSON.stringify(index), { level: LEVEL });
  return { bytes: Buffer.concat([head, ...packed]), indexBytes: head.length };
}

async function rowsOf(
  source: PreviewSource,
  sheet: number,
  totals: SheetTotals,
  signal: AbortSignal | undefined,
): Promise<FirstRows['rows']> {
  const wanted = { maxRows: MAX_PREVIEW_ROWS, maxColumns: MAX_PREVIEW_COLUMNS, totals, signal };
  return (await source.first(sheet, wanted)).rows;
}

function blocksOf(rows: FirstRows['rows'], maxBytes: number): { rows: number; text: string }[] {
  const blocks: { rows: number; text: string }[] = [];
  let lines: string[] = [];
  let length = 0;
  let total = 0;
  const close = (): void => {
    if (lines.length > 0) blocks.push({ rows: lines.length, text: `[${lines.join(',')}]` });
    lines = [];
    length = 0;
  };
  for (const row of rows) {
    const line = JSON.stringify(row);
    total += line.length;
    if (total > maxBytes) break;
    lines.push(line);
    length += line.length;
    if (lines.length === BLOCK_ROWS || length >= BLOCK_BYTES) close();
  }
  close();
  return blocks;
}

/** Reads a part of the stored preview; `end` is the last byte wanted. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

/** The index, from the bytes at the preview's start. */
export const readPreviewIndex = (bytes: Uint8Array): PreviewIndex =>
  PreviewIndex.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));

/** The first rows of a sheet as far as they are stored, in whole blocks: `maxRows` of them if there are so many. */
export async function readStoredRows(
  read: ReadRange,
  indexBytes: number,
  { sheets }: PreviewIndex,
  sheet: number,
  maxRows: number,
): Promise<string[][]> {
  const before = sheets.slice(0, sheet).flatMap(({ blocks }) => blocks);
  const start = indexBytes + before.reduce((sum, { bytes }) => sum + bytes, 0);
  const wanted: number[] = [];
  let rows = 0;
  for (const block of sheets[sheet]?.blocks ?? []) {
    if (rows >= maxRows) break;
    wanted.push(block.bytes);
    rows += block.rows;
  }
  const length = wanted.reduce((sum, bytes) => sum + bytes, 0);
  if (length === 0) return [];
  const packed = await read(start, start + length - 1);
  let at = 0;
  return wanted.flatMap((bytes) => {
    const text = gunzipSync(packed.subarray(at, at + bytes)).toString('utf8');
    at += bytes;
    return Rows.parse(JSON.parse(text));
  });
}
