import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import Table from 'cli-table3';
import { startLocalPlatform } from '../lib/adapters/local/start.ts';
import type { RunColumn, RunMetrics, RunResource } from '../lib/apis/workspace-runs/contract.ts';
import type { Document } from '../lib/apis/workspace-runs/documents-contract.ts';
import { localBindings } from './local-bindings.ts';

/**
 * `npm run demo`: boots the platform on a free port, sends a messy workbook through its API and shows what
 * came out. Everything goes through HTTP, as for any client.
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
try {
  await demo();
} finally {
  await platform.close();
}

async function demo(): Promise<void> {
  console.log(`Runplane is up at ${platform.url}, with its data in ${folder}`);
  const content = await readFile(SAMPLE);
  const form = new FormData();
  form.set('file', new Blob([content]), 'Membership intake, May.xlsx');
  const document = await api<Document>('POST', 'documents', form);
  heading(`Uploaded ${document.name} (${document.byteSize} bytes)`);

  const created = await api<RunResource>('POST', 'runs', JSON.stringify({ inputDocumentId: document.id }));
  await watch(created.id);
  const run = await api<RunResource>('GET', `runs/${created.id}`);
  if (run.status !== 'succeeded') throw new Error(`The run ${run.status}: ${run.failure_message}`);

  heading('Columns');
  await showColumns(run.id);
  heading('Metrics');
  await showMetrics(run.id);
  heading('First rows of the output');
  const file = join(folder, run.output.filename ?? 'output.xlsx');
  const output = new Uint8Array(await (await request('GET', `runs/${run.id}/output/download`)).arrayBuffer());
  await writeFile(file, output);
  await showRows(output);
  console.log(`\nThe whole workbook is in ${style('bold', file)}`);
}

async function request(method: string, path: string, body?: FormData | string): Promise<Response> {
  const { apiKey, workspaceId } = platform.demo;
  const response = await fetch(`${platform.url}/api/v1/workspaces/${workspaceId}/${path}`, {
    method,
    headers: {
      'x-api-key': apiKey,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

async function api<Answer>(method: string, path: string, body?: FormData | string): Promise<Answer> {
  return (await request(method, path, body)).json() as Promise<Answer>;
}

/** Follows the run's events and draws how far it is, until the stream ends. */
async function watch(runId: string): Promise<void> {
  const { body } = await request('GET', `runs/${runId}/events/stream`);
  let text = '';
  let seen = 0;
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\r\n\r\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '{}';
      if (block.includes('event: message')) {
        seen += 1;
        draw(seen / USUAL_EVENTS, JSON.parse(data).event);
      }
    }
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
  for (const column of await api<RunColumn[]>('GET', `runs/${runId}/columns`)) {
    const became = column.mapped_field ?? style('gray', 'as it was');
    const why =
      column.mapping_score === undefined ? (column.unmapped_reason ?? '') : `score ${column.mapping_score}`;
    table.push([column.sheet_name, column.header_raw ?? '', became, why]);
  }
  console.log(table.toString());
}

async function showMetrics(runId: string): Promise<void> {
  const metrics = await api<RunMetrics>('GET', `runs/${runId}/metrics`);
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
