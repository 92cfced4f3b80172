import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { startLocalPlatform } from '../lib/adapters/local/start.ts';
import { createClient } from '../lib/client/index.ts';
import { localBindings } from './local-bindings.ts';

/**
 * `npm run demo`: boots the platform on a free port, sends a messy workbook through its API and shows what
 * came out. Everything goes through HTTP, by the client that others would use.
 */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const SAMPLE = new URL('../docs/samples/membership-intake.xlsx', import.meta.url);
/** Events of a run of one sheet with one table; a bar that is full early waits at the end. */
const USUAL_EVENTS = 10;
const BAR_WIDTH = 32;
const SHOWN_ROWS = 8;
const SHOWN_COLUMNS = 6;

/** A pipe or a file gets plain text; a reader such as `head` that has seen enough ends the demo quietly. */
const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const style = (format: 'bold' | 'gray' | 'green', text: string): string =>
  isTerminal ? styleText(format, text) : text;
process.stdout.on('error', () => process.exit(0));

/** Lines between rows would take more room than the rows. */
const COMPACT = {
  style: { compact: true, head: isTerminal ? ['bold'] : [], border: isTerminal ? ['gray'] : [] },
};

const heading = (text: string): void => console.log(`\n${style('bold', text)}`);

const folder = await mkdtemp(join(tmpdir(), 'runplane-demo-'));
const platform = await startLocalPlatform(await localBindings(), { port: 0, dataFolder: folder });
const { apiKey, workspaceId } = platform.demo;
const runs = createClient({ baseUrl: platform.url, apiKey }).workspaceRuns(workspaceId);
try {
  await demo();
} finally {
  await platform.close();
}

async function demo(): Promise<void> {
  console.log(`Runplane is up at ${platform.url}, with its data in ${folder}`);
  const bytes = await readFile(SAMPLE);
  const document = await runs.uploadDocument({ name: 'Membership intake, May.xlsx', bytes });
  heading(`Uploaded ${document.name} (${document.byteSize} bytes)`);

  const created = await runs.createRun({ inputDocumentId: document.id });
  await watch(created.id);
  const run = await runs.getRun(created.id);
  if (run.status !== 'succeeded') throw new Error(`The run ${run.status}: ${run.failure_message}`);

  heading('Columns');
  await showColumns(run.id);
  heading('Metrics');
  await showMetrics(run.id);
  heading('First rows of the output');
  const file = join(folder, run.output.filename ?? 'output.xlsx');
  const output = await runs.downloadRunOutput(run.id).bytes();
  await writeFile(file, output);
  await showRows(output);
  console.log(`\nThe whole workbook is in ${style('bold', file)}`);
}

/** Follows the run's events and draws how far it is, until it has ended. */
async function watch(runId: string): Promise<void> {
  let seen = 0;
  for await (const event of runs.followRun(runId)) {
    if (event.type !== 'message') continue;
    seen += 1;
    draw(seen / USUAL_EVENTS, event.line.event);
  }
  draw(1, `${seen} events`);
  process.stdout.write('\n');
}

function draw(share: number, label: string): void {
  const done = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  const bar = style('green', '█'.repeat(done)) + style('gray', '░'.repeat(BAR_WIDTH - done));
  // A pipe gets the last state only.
  if (isTerminal) process.stdout.write(`\r\x1b[2K${bar} ${label}`);
  else if (share >= 1 && label.endsWith('events')) process.stdout.write(`${bar} ${label}`);
}

async function showColumns(runId: string): Promise<void> {
  const table = new Table({ head: ['sheet', 'column', 'became', 'why'], ...COMPACT });
  for (const column of await runs.getRunColumns(runId)) {
    const became = column.mapped_field ?? style('gray', 'as it was');
    const why =
      column.mapping_score === undefined ? (column.unmapped_reason ?? '') : `score ${column.mapping_score}`;
    table.push([column.sheet_name, column.header_raw ?? '', became, why]);
  }
  console.log(table.toString());
}

async function showMetrics(runId: string): Promise<void> {
  const metrics = await runs.getRunMetrics(runId);
  const table = new Table(COMPACT);
  for (const name of [
    'evaluation_outcome',
    'table_count',
    'row_count_total',
    'column_count_mapped',
    'column_count_unmapped',
    'field_count_detected',
    'cell_count_non_empty',
  ] as const) {
    table.push([name, String(metrics[name])]);
  }
  console.log(table.toString());
}

async function showRows(output: Uint8Array): Promise<void> {
  const { read, utils } = await import('xlsx');
  const book = read(output, { dense: true });
  const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {};
  const rows = utils.sheet_to_json<unknown[]>(sheet, { header: 1, defval: '' }).slice(0, SHOWN_ROWS + 1);
  const [head = [], ...body] = rows.map((row) => row.slice(0, SHOWN_COLUMNS).map(String));
  const table = new Table({ head, ...COMPACT });
  table.push(...body);
  console.log(table.toString());
}
