import { relative } from 'node:path';
import { FolderError } from '../lib/adapters/local/folder-error.ts';
import { startLocalPlatform } from '../lib/adapters/local/start.ts';
import { localBindings } from './local-bindings.ts';

/**
 * `npm start`: the whole platform in one process. `PORT` (0 = any free), `RUNPLANE_DATA`,
 * `RUNPLANE_PROCESSES`, a folder of workflows of one's own, and `RUNPLANE_CORS_ORIGINS`, with commas between
 * them, may be set.
 */
const DEFAULT_PORT = 8001;

// The SDK announces the end of its support for Node 20 at every start; `engines` says what works.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const port = Number(process.env.PORT ?? DEFAULT_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`PORT must be a number from 0 to 65535, not '${process.env.PORT}'.`);
const dataFolder = process.env.RUNPLANE_DATA || '.runplane';

try {
  const running = await startLocalPlatform(await localBindings(), {
    port,
    dataFolder,
    processesFolder: process.env.RUNPLANE_PROCESSES || undefined,
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
    return `Port ${port} is in use. Stop what uses it, or choose another: PORT=8002 npm start (0 takes any free one).`;
  }
  if (error instanceof FolderError && process.env.DEBUG === undefined) return error.message;
  if (process.env.DEBUG !== undefined) return error.stack ?? error.message;
  return error.cause === undefined ? error.message : `${error.message} (${explain(error.cause)})`;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
