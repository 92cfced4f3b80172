/**
 * Measures the spreadsheet engine beside SheetJS: `npx tsx scripts/bench-engine.ts [rows…]`, by default
 * 1,000, 10,000 and 100,000 rows of 20 columns. Every measurement runs in a process of its own, the
 * contestants take turns, and medians are printed. Ratios of one run mean more than seconds do.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { DEFAULT_CONFIGURATION, processWorkbook } from '../lib/spreadsheets/index.ts';
import { WorkbookWriter } from '../lib/spreadsheets/write/workbook-writer.ts';
import { chanceOf } from '../test/support/chance.ts';

type Contestant = 'engine' | 'sheetjs' | 'sheetjs-tuned';

interface Measurement {
  wallMs: number;
  cpuMs: number;
  peakRssMb: number;
}

const COLUMNS = 20;
// Five turns give a median that one disturbed run does not move; long ones get three.
const TURNS = 5;
const TURNS_WHEN_LONG = 3;
const LONG_ROWS = 100_000;
/** Every run measures the same workbook. */
const SEED = 20_240_305;

const HEADERS = [
  ...[
    'Given Name',
    'M.I.',
    'Surname',
    'E-mail',
    'Full Name',
    'Member ID',
    'Local',
    'Employer',
    'Class',
    'Hire Date',
  ],
  ...['Status', 'Phone', 'Hours', 'Rate', 'Gross', 'Net', 'Active', 'Postal Code', 'City', 'Notes'],
];
const NAMES = ['Avery', 'Jordan', 'Taylor', 'Casey', 'Morgan', 'Riley', 'Jamie', 'Quinn', 'Zoë', 'Håkon'];
const CITIES = ['Winnipeg', 'Regina', 'Thunder Bay', 'Halifax', 'Montréal'];
const FIRST_DAY = Date.UTC(2012, 0, 1);
const DAY_MS = 86_400_000;

/** A roster as people send it: a title above, blank and repeated values, dates, numbers, notes in odd rows. */
async function roster(path: string, rows: number): Promise<void> {
  const next = chanceOf(SEED);
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const chunks: Uint8Array[] = [];
  const book = await WorkbookWriter.start(['Roster'], (chunk) => void chunks.push(chunk));
  const sheet = await book.sheet({ rows: rows + 3, columns: COLUMNS });
  const write = async (cells: Parameters<typeof sheet.cell>[1][]): Promise<void> => {
    sheet.startRow();
    cells.forEach((cell, column) => {
      sheet.cell(column, cell);
    });
    await sheet.endRow();
  };
  await write(['Member export']);
  await write([]);
  await write(HEADERS);
  for (let row = 0; row < rows; row++) {
    const [first, last] = [pick(NAMES), pick(NAMES)];
    const hours = Math.round(next() * 80) / 2;
    await write([
      ...[first, next() < 0.1 ? null : 'A.', last, `${first}.${last}${row}@example.org`.toLowerCase()],
      ...[
        next() < 0.5 ? `${last}, ${first}` : ` ${first}  ${last} `,
        `M-${100_000 + row}`,
        `Local ${row % 700}`,
      ],
      ...[`${pick(CITIES)} Works`, `Year ${row % 5}`],
      { kind: 'datetime', ms: FIRST_DAY + Math.floor(next() * 4000) * DAY_MS },
      ...[row % 7 === 0 ? 'Leave' : 'Active', `(204) 555-${1000 + (row % 9000)}`, hours, 38.5],
      ...[
        hours * 38.5,
        Math.round(hours * 3000) / 100,
        row % 3 === 0,
        `R${row % 10}A ${row % 10}B2`,
        pick(CITIES),
      ],
      row % 50 === 0 ? '  manual review recommended  ' : null,
    ]);
  }
  await sheet.end();
  await book.finish();
  writeFileSync(path, Buffer.concat(chunks));
}

async function perform(contestant: Contestant, path: string): Promise<void> {
  const bytes = readFileSync(path);
  if (contestant === 'engine') {
    const input = { name: 'roster.xlsx', bytes, configuration: DEFAULT_CONFIGURATION };
    const { metrics } = await processWorkbook(input, { emit: () => undefined, write: () => undefined });
    if (metrics.field_count_detected !== DEFAULT_CONFIGURATION.fields.length)
      throw new Error('fields are missing');
    return;
  }
  const { CFB, read, utils, write } = await import('xlsx');
  if (contestant === 'sheetjs') {
    const book = read(bytes);
    const rows = utils.sheet_to_json<unknown[]>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, { header: 1 });
    const copy = utils.book_new();
    utils.book_append_sheet(copy, utils.aoa_to_sheet(rows), 'Roster');
    write(copy, { type: 'buffer', bookType: 'xlsx', compression: true });
    return;
  }
  CFB.utils.use_zlib(zlib);
  const book = read(bytes, { dense: true, sheets: 0, WTF: true });
  const data: ({ v?: unknown }[] | undefined)[] = book.Sheets[book.SheetNames[0] ?? '']?.['!data'] ?? [];
  const copy = utils.book_new();
  const rows = Array.from(data, (row) => Array.from(row ?? [], (cell) => cell?.v));
  utils.book_append_sheet(copy, utils.aoa_to_sheet(rows, { dense: true }), 'Roster');
  write(copy, { type: 'buffer', bookType: 'xlsx', compression: true });
}

/** One measurement, in this process. */
async function measure(contestant: Contestant, path: string): Promise<Measurement> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await perform(contestant, path);
  const { user, system } = process.cpuUsage(cpu);
  const { maxRSS } = process.resourceUsage();
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000, peakRssMb: maxRSS / 1024 };
}

function measured(contestant: Contestant, path: string): Measurement {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [...process.execArgv, script, '--measure', contestant, path], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`${contestant} failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Measurement;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function medians(turns: readonly Measurement[]): Measurement {
  return {
    wallMs: median(turns.map(({ wallMs }) => wallMs)),
    cpuMs: median(turns.map(({ cpuMs }) => cpuMs)),
    peakRssMb: median(turns.map(({ peakRssMb }) => peakRssMb)),
  };
}

const CONTESTANTS: Contestant[] = ['engine', 'sheetjs-tuned', 'sheetjs'];

async function compare(folder: string, rows: number): Promise<void> {
  const path = join(folder, `${rows}.xlsx`);
  await roster(path, rows);
  const turns = new Map<Contestant, Measurement[]>(CONTESTANTS.map((contestant) => [contestant, []]));
  const count = rows >= LONG_ROWS ? TURNS_WHEN_LONG : TURNS;
  for (let turn = 0; turn < count; turn++) {
    for (const contestant of CONTESTANTS) turns.get(contestant)?.push(measured(contestant, path));
  }
  const base = medians(turns.get('engine') ?? []);
  for (const [contestant, values] of turns) {
    const { wallMs, cpuMs, peakRssMb } = medians(values);
    const cells = [
      ...[rows.toLocaleString('en').padStart(9), contestant.padEnd(14)],
      ...[`${wallMs.toFixed(0)} ms`.padStart(10), `${(wallMs / base.wallMs).toFixed(2)} ×`.padStart(8)],
      ...[`${cpuMs.toFixed(0)} ms`.padStart(10), `${peakRssMb.toFixed(0)} MB`.padStart(8)],
      ...[`${(peakRssMb / base.peakRssMb).toFixed(2)} ×`.padStart(8)],
      Math.round((rows / wallMs) * 1000)
        .toLocaleString('en')
        .padStart(9),
    ];
    console.log(cells.join('  '));
  }
}

async function main(args: readonly string[]): Promise<void> {
  const [mode, contestant, path] = args;
  if (mode === '--measure' && contestant !== undefined && path !== undefined) {
    console.log(JSON.stringify(await measure(contestant as Contestant, path)));
    return;
  }
  const sizes = args.length > 0 ? args.map(Number) : [1_000, 10_000, 100_000];
  const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));
  try {
    console.log('     rows  contestant            wall     ratio         cpu  peak RSS     ratio   rows/s');
    for (const rows of sizes) await compare(folder, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main(process.argv.slice(2));
