import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { FolderError } from '../lib/adapters/local/folder-error.ts';

const DEFAULT_PORT = 8001;

const USAGE = `npm start -- [--port <number>] [--data <folder>] [--processes <folder>]

  --port       where it listens on 127.0.0.1; 0 takes any free one  (or PORT; ${DEFAULT_PORT} if absent)
  --data       the folder that keeps everything  (or RUNPLANE_DATA; .runplane if absent)
  --processes  a folder of workflows of your own: <name>.asl.json, functions/<name>.mjs, <name>.mocks.json
               (or RUNPLANE_PROCESSES)

RUNPLANE_CORS_ORIGINS origins whose pages may call, with commas between them
`;

// The SDK announces the end of its support for Node 20 at every start; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const words = readWords();
if (words.help === true) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const wanted = words.port ?? process.env.PORT ?? String(DEFAULT_PORT);
const port = wanted === '' ? Number.NaN : Number(wanted);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`${words.port === undefined ? 'PORT' : '--port'} must be a number from 0 to 65535, not '${wanted}'.`);
const dataFolder = words.data || process.env.RUNPLANE_DATA || '.runplane';
const processesFolder = words.processes || process.env.RUNPLANE_PROCESSES || undefined;
if (processesFolder !== undefined && !statSync(processesFolder, { throwIfNoEntry: false })?.isDirectory())
  fail(`There is no folder ${processesFolder}. Make it, and put workflows into it.`);

try {
  // Only now: loading the platform takes a second, and no word of help or refusal waits for it.
  const [{ startLocalPlatform }, { localBindings }] = await Promise.all([
    import('../lib/adapters/local/start.ts'),
    import('./local-bindings.ts'),
  ]);
  const running = await startLocalPlatform(await localBindings(), {
    port,
    dataFolder,
    processesFolder,
    corsOrigins: (process.env.RUNPLANE_CORS_ORIGINS ?? '').split(',').filter((origin) => origin !== ''),
  });
  const stop = (): void => {
    process.stdout.write('\nStopping. Runs that are still open go on at the next start.\n');
    running.close().then(
      () => process.exit(0),
      (error: unknown) => fail(explain(error)),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.write(welcome(running.url));
} catch (error) {
  fail(explain(error));
}

/** A word that is not known is refused: who mistypes the folder must not get another one. */
function readWords(): { port?: string; data?: string; processes?: string; help?: boolean } {
  const text = { type: 'string' } as const;
  const options = { port: text, data: text, processes: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    fail(`${explain(error)}\n\n${USAGE}`);
  }
}

function welcome(url: string): string {
  const folder = relative(process.cwd(), dataFolder) || '.';
  return `
Runplane is up at ${url}   (data in ${folder}, Ctrl-C stops it)

In another terminal:

  source ${folder}/demo.env

  # normalise the sample spreadsheet
  curl -sS -X POST -H "X-API-Key: $API_KEY" -H "Content-Type: application/json" \\
    -d "{\\"inputDocumentId\\":\\"$DOCUMENT_ID\\"}" \\
    "$BASE_URL/api/v1/workspaces/$WORKSPACE_ID/runs"

  # watch the latest run as it happens
  curl -sSN -H "X-API-Key: $API_KEY" "$BASE_URL/api/v1/workspaces/$WORKSPACE_ID/runs/<id>/events/stream"

  # or see all of it at once
  npm run demo

`;
}

/** What went wrong in a sentence, with its causes; the stack only when it is asked for. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `Port ${port} is in use. Stop what uses it, or choose another: npm start -- --port 8002 (0 takes any free one).`;
  }
  if (error instanceof FolderError && process.env.DEBUG === undefined) return error.message;
  if (process.env.DEBUG !== undefined) return error.stack ?? error.message;
  return error.cause === undefined ? error.message : `${error.message} (${explain(error.cause)})`;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
