import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_CONFIGURATION, processWorkbook } from '../lib/spreadsheets/index.ts';
import {
  encodePreview,
  readPreviewIndex,
  readStoredRows,
  sheetPreview,
  workbookSource,
} from '../lib/spreadsheets/preview/index.ts';

/**
 * What it costs to look at the first 200 rows of a workbook, at 1,000 and at 500,000 rows of 20 columns:
 * `npx tsx scripts/bench-preview.ts [rows …]`. `stored` is an output of ours, by the preview kept beside it;
 * `counted` is the same file uploaded by hand, which is looked through to its end for its totals; `unread` is
 * it where the totals are known. Each measurement is a process of its own; medians, and the ratio to the first.
 */
const RUNS = 7;
const SHOWN = { maxRows: 200, maxColumns: 10_000 };
const CONTESTANTS = ['stored', 'unread', 'counted'] as const;
type Contestant = (typeof CONTESTANTS)[number];

interface Files {
  workbook: string;
  preview: string;
  indexBytes: number;
  totals: { totalRows: number; totalColumns: number };
}

function csv(rows: number): Buffer {
  const names = Array.from({ length: 18 }, (_, column) => `Column ${column + 1}`);
  const lines = [`First Name,Email,${names.join(',')}`];
  for (let row = 0; row < rows - 1; row++) {
    const values = names.map((_, column) => (column % 2 === 0 ? row * column : `value ${row} ${column}`));
    lines.push(`Ann ${row},ann${row}@example.com,${values.join(',')}`);
  }
  return Buffer.from(lines.join('\n'));
}

async function generate(folder: string, rows: number): Promise<Files> {
  const chunks: Uint8Array[] = [];
  const { sheets } = await processWorkbook(
    { name: 'people.csv', bytes: csv(rows), configuration: DEFAULT_CONFIGURATION },
    { emit: () => {}, write: (chunk) => void chunks.push(chunk) },
  );
  const bytes = Buffer.concat(chunks);
  const started = performance.now();
  const encoded = await encodePreview(bytes, sheets);
  const tookMs = Math.round(performance.now() - started);
  console.log(
    `${rows} rows: ${(bytes.length / 1e6).toFixed(1)} MB workbook, ${Math.round(encoded.bytes.length / 1000)} KB preview, made in ${tookMs} ms`,
  );
  const files = { workbook: join(folder, `${rows}.xlsx`), preview: join(folder, `${rows}.preview`) };
  writeFileSync(files.workbook, bytes);
  writeFileSync(files.preview, encoded.bytes);
  const { totalRows = 0, totalColumns = 0 } = sheets[0] ?? {};
  return { ...files, indexBytes: encoded.indexBytes, totals: { totalRows, totalColumns } };
}

async function lookAtStored({ preview, indexBytes }: Files): Promise<number> {
  const file = await open(preview);
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const buffer = Buffer.alloc(end - start + 1);
    await file.read(buffer, 0, buffer.length, start);
    return buffer;
  };
  const index = readPreviewIndex(await read(0, indexBytes - 1));
  const rows = await readStoredRows(read, indexBytes, index, 0, SHOWN.maxRows);
  await file.close();
  const { totalRows = 0, totalColumns = 0 } = index.sheets[0] ?? {};
  return sheetPreview({ rows, totalRows, totalColumns }, SHOWN).rows.length;
}

async function lookInside({ workbook, totals }: Files, known: boolean): Promise<number> {
  const source = await workbookSource(readFileSync(workbook));
  const first = await source.first(0, { ...SHOWN, totals: known ? totals : undefined });
  return sheetPreview(first, SHOWN).rows.length;
}

async function measure(contestant: Contestant, files: Files): Promise<{ ms: number; rssMb: number }> {
  const started = performance.now();
  const shown =
    contestant === 'stored' ? await lookAtStored(files) : await lookInside(files, contestant === 'unread');
  const ms = performance.now() - started;
  if (shown !== SHOWN.maxRows) throw new Error(`${shown} rows are shown`);
  return { ms, rssMb: process.resourceUsage().maxRSS / 1024 };
}

function inChild(contestant: Contestant, files: Files): { ms: number; rssMb: number } {
  const args = [
    '--import',
    'tsx',
    fileURLToPath(import.meta.url),
    '--measure',
    contestant,
    JSON.stringify(files),
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(args: readonly string[]): Promise<void> {
  const [mode, contestant, files] = args;
  if (mode === '--measure' && files !== undefined) {
    console.log(JSON.stringify(await measure(contestant as Contestant, JSON.parse(files))));
    return;
  }
  const sizes = args.length > 0 ? args.map(Number) : [1_000, 500_000];
  const folder = mkdtempSync(join(tmpdir(), 'bench-preview-'));
  try {
    const generated: Files[] = [];
    for (const rows of sizes) generated.push(await generate(folder, rows));
    console.log('\ncontestant     rows        ms    ratio  peak RSS MB');
    for (const contestant of CONTESTANTS) {
      let base: number | undefined;
      for (const [at, files] of generated.entries()) {
        const measured = Array.from({ length: RUNS }, () => inChild(contestant, files));
        const ms = median(measured.map((one) => one.ms));
        base ??= ms;
        const cells = [
          contestant.padEnd(10),
          String(sizes[at]).padStart(8),
          ms.toFixed(1).padStart(9),
          (ms / base).toFixed(2).padStart(8),
          median(measured.map(({ rssMb }) => rssMb))
            .toFixed(0)
            .padStart(12),
        ];
        console.log(cells.join(' '));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main(process.argv.slice(2));
