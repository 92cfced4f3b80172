import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localBindings } from '../../bin/local-bindings.ts';
import {
  type RunningPlatform,
  type StartOptions,
  startLocalPlatform,
} from '../../lib/adapters/local/start.ts';
import { bundledTasks } from './tasks.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body of a JSON answer, else its text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and assert what they find
  body: any;
  bytes: Buffer;
}

export interface Call {
  key?: string | null;
  json?: unknown;
  body?: string | Uint8Array | FormData;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface TestPlatform extends RunningPlatform {
  dataFolder: string;
  /** `/api/v1/workspaces/<demo workspace>` before the path, unless it begins with a slash of its own. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  upload(name: string, content: Uint8Array | string, fields?: Record<string, string>): Promise<Answer>;
  /** Creates a run of a document and waits for its end. */
  run(documentId: string, options?: Record<string, unknown>): Promise<Answer>;
  waitFor(runId: string): Promise<Answer>;
}

/** A whole platform on a free port with a folder of its own; `close` leaves nothing behind. */
export async function startTestPlatform(
  dataFolder?: string,
  options: Pick<
    StartOptions,
    'processesFolder' | 'concurrency' | 'corsOrigins' | 'logLevel' | 'logFile'
  > = {},
): Promise<TestPlatform> {
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'runplane-test-')));
  const bindings = { ...(await localBindings()), taskModules: await bundledTasks() };
  const running = await startLocalPlatform(bindings, {
    port: 0,
    dataFolder: folder,
    logLevel: 'error',
    warm: false,
    keepsRecords: dataFolder !== undefined, // a folder that goes with its platform is not opened again
    ...options,
  });
  const { url, demo } = running;
  const base = `/api/v1/workspaces/${demo.workspaceId}/`;

  const call: TestPlatform['call'] = async (
    method,
    path,
    { key = demo.apiKey, json, body, headers = {}, signal } = {},
  ) => {
    const response = await fetch(`${url}${path.startsWith('/') ? path : base + path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === null ? {} : { 'x-api-key': key }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson =
      /json\b/.test(response.headers.get('content-type') ?? '') &&
      !/ndjson/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
      bytes,
    };
  };

  const waitFor: TestPlatform['waitFor'] = async (runId) => {
    for (;;) {
      const answer = await call('GET', `runs/${runId}`);
      if (answer.status !== 200 || !['queued', 'running'].includes(answer.body.status)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };

  return {
    ...running,
    dataFolder: folder,
    call,
    waitFor,
    upload: (name, content, fields = {}) => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.set(field, value);
      form.set('file', new Blob([content]), name);
      return call('POST', 'documents', { body: form });
    },
    run: async (documentId, options = {}) => {
      const created = await call('POST', 'runs', { json: { inputDocumentId: documentId, options } });
      return created.status === 201 ? waitFor(created.body.id) : created;
    },
    close: async () => {
      await running.close();
      if (dataFolder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
