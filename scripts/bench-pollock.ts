import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RecordReader } from '../lib/spreadsheets/read/csv/records.ts';
import { corners, folderGiven, type Inspected, inspected } from './inspected.ts';

/**
 * Scores the reader on a folder of Pollock's polluted files (Vitagliano et al., "Pollock: A Data Loading
 * Benchmark", VLDB 2023): ten numbers a file, from whether it is read at all to precision, recall and F1 of its
 * header, its records and its cells, against `clean/`; their sum, simple and by `weights.json`.
 */

const CLEAN = { delimiter: ',', quote: '"', escape: '"' };
const TRUTH = new Map([
  ['true', '1'],
  ['false', '0'],
]);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// Files that the score shows by name.
const WORST = 10;

/** One spelling for what means the same; everything else in lower case. */
function normalised(cell: string): string {
  const text = cell.trim();
  if (text === '') return cell.toLowerCase();
  const truth = /^(true|false)$/i.test(cell) ? TRUTH.get(cell.toLowerCase()) : undefined;
  if (truth !== undefined) return truth;
  if (/^[+-]?\d+$/.test(text)) return String(BigInt(text.replace('+', '')));
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return `decimal ${Number(text)}`;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text);
  if (clock !== null) return `clock ${Number(clock[1])}:${clock[2]}:${Number(clock[3] ?? 0)}`;
  const day = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(.*)$/.exec(text);
  if (day !== null) return `day ${day.slice(1, 4).map(Number).join('-')}${(day[4] ?? '').toLowerCase()}`;
  const named = /^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ](\d{2,4})$/i.exec(text);
  if (named !== null)
    return `day ${named[3]}-${MONTHS.indexOf((named[2] ?? '').toLowerCase()) + 1}-${Number(named[1])}`;
  const price = /^([$€£¥])\s*(-?[\d,]+(?:\.\d+)?)$/.exec(text);
  if (price !== null) return `${price[1]} ${Number((price[2] ?? '').replaceAll(',', ''))}`;
  return cell.toLowerCase();
}

/** How much of `wanted` was found, how much of `got` is wanted, and the mean of both. */
function compared(wanted: readonly string[], got: readonly string[]): [number, number, number] {
  if (wanted.length === 0) return [1, 1, 1];
  const left = new Map<string, number>();
  for (const item of wanted) left.set(item, (left.get(item) ?? 0) + 1);
  let both = 0;
  for (const item of got) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    both++;
    left.set(item, count - 1);
  }
  if (both === 0) return [0, 0, 0];
  const found = both / wanted.length;
  const right = both / got.length;
  return [found, right, (2 * found * right) / (found + right)];
}

type Rows = readonly (readonly string[])[];

/** The first table as it was read: its heading, of several rows joined, and its records. */
function loaded({ sheets }: Inspected): string[][] {
  const [sheet] = sheets;
  const rows = sheet?.rows ?? [];
  const [table] = sheet?.tables ?? [];
  const tidy = (all: Rows): string[][] =>
    all.filter((row) => row.length > 0).map((row) => (row.length === 1 && row[0] === '' ? [] : [...row]));
  if (table === undefined) return tidy(rows);
  const { top, left, bottom, right } = corners(table.range);
  const within = (from: number, to: number): Rows =>
    rows.slice(from, to).map((row) => row.slice(left, right + 1));
  const headings = within(top, top + table.headerRows);
  const records = within(top + table.headerRows, bottom + 1);
  if (headings.length < 2) return tidy([...headings, ...records]);
  const width = Math.max(...headings.map((row) => row.length));
  const joined = Array.from({ length: width }, (_, column) =>
    headings
      .map((row) => row[column] ?? '')
      .filter((text) => text.trim() !== '')
      .join(' '),
  );
  return tidy([joined, ...records]);
}

function measured(wanted: Rows, got: Rows): number {
  const [header = []] = wanted;
  if (wanted.length === 0) return 10;
  const records = (rows: Rows): string[] => rows.slice(1).map((row) => row.map(normalised).join(''));
  const parts = [
    header.length === 0 ? [1, 1, 1] : compared(header.map(normalised), (got[0] ?? []).map(normalised)),
    compared(records(wanted), records(got)),
    compared(wanted.flat(), got.flat()),
  ];
  return 1 + parts.flat().reduce((sum, value) => sum + value, 0);
}

const folder = resolve(folderGiven('bench:pollock'));
const weightsFile = join(folder, 'weights.json');
const weights: Record<string, number> = existsSync(weightsFile)
  ? JSON.parse(readFileSync(weightsFile, 'utf8'))
  : {};
const scores: { file: string; score: number; weight: number }[] = [];
for await (const line of inspected(join(folder, 'csv'))) {
  const file = basename(line.file);
  const clean = join(folder, 'clean', file);
  if (!existsSync(clean)) continue;
  const wanted = [...new RecordReader(CLEAN, { repairs: false }).take(readFileSync(clean, 'utf8'), true)];
  const score = line.failure === null ? measured(wanted, loaded(line)) : 0;
  scores.push({ file, score, weight: weights[file] ?? 1 });
}
const total = scores.reduce((sum, { weight }) => sum + weight, 0);
const simple = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
const weighted = scores.reduce((sum, { score, weight }) => sum + (score * weight) / total, 0);
for (const { file, score } of scores.sort((a, b) => a.score - b.score).slice(0, WORST)) {
  console.log(`  ${score.toFixed(2)} ${file}`);
}
console.log(`Pollock: ${scores.length} files, simple ${simple.toFixed(3)}, weighted ${weighted.toFixed(3)}`);
