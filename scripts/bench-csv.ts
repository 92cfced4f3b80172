import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import Papa from 'papaparse';
import { csvReader } from '../lib/spreadsheets/read/csv/csv-reader.ts';

/**
 * Reads 25 MiB of CSV, plain and quoted, beside Papa Parse, csv-parse and Python's `csv`: each told the
 * delimiter, but for ours and Papa Parse, which find it. Medians of CPU seconds, and as shares of Papa Parse's.
 */

const BYTES = 25 * 1024 * 1024;
// An odd number has a median, and five of them are steady on a busy machine.
const ROUNDS = 5;
const MAX_GAP = 16_384;

function text(quoted: boolean): string {
  const sign = quoted ? '"' : '';
  const rows = ['id,name,city,amount,date,remark'];
  for (let id = 0, size = 0; size < BYTES; id++) {
    const remark = quoted ? `"said ""yes"", then left"` : 'said yes then left';
    const row = `${id},${sign}Ann Lee ${id % 997}${sign},${sign}Köln${sign},${(id % 10_000) / 100},2024-03-${String((id % 28) + 1).padStart(2, '0')},${remark}`;
    rows.push(row);
    size += row.length + 1;
  }
  return `${rows.join('\n')}\n`;
}

const PYTHON = `
import csv, sys, time
start = time.process_time()
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    rows = sum(1 for _ in csv.reader(file))
print(rows, time.process_time() - start)
`;

interface Peer {
  readonly name: string;
  /** Reads the file; the number of its rows. */
  read(path: string): number | Promise<number>;
}

async function ours(path: string): Promise<number> {
  const reader = await csvReader('bench', readFileSync(path));
  const [sheet] = reader.sheets;
  let rows = 0;
  if (sheet === undefined) return rows;
  for await (const batch of reader.rows(sheet, MAX_GAP)) rows += batch.rows.length;
  return rows;
}

const PEERS: readonly Peer[] = [
  {
    name: 'Papa Parse',
    read: (path) => Papa.parse(readFileSync(path, 'utf8'), { skipEmptyLines: true }).data.length,
  },
  { name: 'Runplane', read: ours },
  { name: 'csv-parse', read: (path) => parse(readFileSync(path)).length },
];

async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function pythonSeconds(path: string): number | undefined {
  try {
    return Number(execFileSync('python3', ['-c', PYTHON, path], { encoding: 'utf8' }).split(' ')[1]);
  } catch (error) {
    // A machine without Python has one peer less.
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return undefined;
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'runplane-bench-csv-'));
try {
  for (const quoted of [false, true]) {
    const path = join(folder, `${quoted}.csv`);
    writeFileSync(path, text(quoted));
    const times = new Map<string, number[]>();
    const rows = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, read } of PEERS) {
        const took = await cpuSeconds(async () => rows.add(await read(path)));
        times.set(name, [...(times.get(name) ?? []), took]);
      }
      const took = pythonSeconds(path);
      if (took !== undefined) times.set('Python csv', [...(times.get('Python csv') ?? []), took]);
    }
    const papa = median(times.get('Papa Parse') ?? []);
    console.log(
      `25 MiB of ${quoted ? 'quoted' : 'plain'} CSV, ${[...rows].join(' or ')} rows, medians of ${ROUNDS}`,
    );
    for (const [name, values] of times) {
      const value = median(values);
      console.log(
        `  ${name.padEnd(12)} ${value.toFixed(2)} CPU s  ${(value / papa).toFixed(2)} x Papa Parse`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
