import { randomUUID } from 'node:crypto';
import type { Heard, Said } from './dropping-server.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Said => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_tiny', ...headers },
  body: JSON.stringify(body),
});

interface TinyRun {
  id: string;
  /** How often it was looked at: it ends at the third look. */
  looks: number;
  body: Record<string, unknown>;
}

interface TinyDocument {
  name: string;
  bytes: string;
  versionNo: number;
}

/** As many of the platform's answers as a client's promises need, from memory. */
export class TinyPlatform {
  /** Every run that was ever made, of any API. */
  readonly runs = new Map<string, TinyRun>();
  readonly documents = new Map<string, TinyDocument>();
  readonly stored = new Map<string, string>();
  readonly deleted: string[] = [];
  /** The lines of every run's log. */
  readonly lines = Array.from({ length: 9 }, (_, no) =>
    JSON.stringify({ event: `step.${no}`, text: 'é·'.repeat(no) }),
  );
  /** Streams that are refused before one is given. */
  refusedStreams = 0;
  /** Bytes that one request carries. */
  requestBytes = Number.POSITIVE_INFINITY;
  url = '';
  readonly #byKey = new Map<string, TinyRun[]>();
  /** What a key, or an upload, was used for: the document's id. */
  readonly #kept = new Map<string, string>();

  constructor() {
    this.lines.push(JSON.stringify({ event: 'run.complete', data: { status: 'succeeded' } }));
  }

  get log(): Buffer {
    return Buffer.from(this.lines.map((line) => `${line}\n`).join(''));
  }

  readonly answer = async (heard: Heard): Promise<Said> => {
    const path = heard.url.split('?')[0]?.replace('/api/v1/workspaces/w', '') ?? '';
    const query = new URLSearchParams(heard.url.split('?')[1] ?? '');
    const route = `${heard.method} ${path}`;
    const body = (heard.headers['content-type'] ?? '').includes('json')
      ? JSON.parse(heard.body.toString())
      : undefined;
    const isWorkspace = heard.url.startsWith('/api/v1/workspaces/w');
    const [, id = ''] = /^\w+ .*?\/runs\/([^/]+)/.exec(route) ?? [];

    if (route === 'POST /runs' || /POST .*\/threads\/t\/runs$/.test(route)) {
      return json(201, this.#look(this.#make(heard, body, 1)[0], isWorkspace));
    }
    if (route === 'POST /runs/batch') {
      const runs = this.#make(heard, body, body.documentIds.length);
      return json(201, { runs: runs.map((run) => this.#look(run, true)) });
    }
    if (route === 'POST /api/projects/p/chat') {
      this.#make(heard, body, 1);
      return json(200, { response: `You said ${body.message}`, threadId: 't' });
    }
    if (route === 'POST /api/v1/run') return this.#runAgent(heard, body);
    if (route === 'GET /runs' || /GET .*\/threads\/t\/runs$/.test(route) || route === 'GET /api/v1/agents')
      return this.#page(route, isWorkspace, query);
    if (/\/events\/stream$/.test(route)) return this.#stream(heard, id, query);
    if (/\/events(\/download)?$/.test(route)) return { status: 200, body: this.log };
    if (/\/output\/download$/.test(route))
      return { status: 200, body: Buffer.from('The output, byte for byte.') };
    if (id !== '') return this.#looked(this.runs.get(id), isWorkspace);
    return this.#files(route, heard, body);
  };

  /** One run for each that is asked for, or those that the key has made already. */
  #make(heard: Heard, body: Record<string, unknown>, count: number): TinyRun[] {
    const key = heard.headers['idempotency-key'] ?? randomUUID();
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made = Array.from({ length: count }, () => ({ id: randomUUID(), looks: 0, body }));
    for (const run of made) this.runs.set(run.id, run);
    this.#byKey.set(key, made);
    return made;
  }

  #looked(run: TinyRun | undefined, isWorkspace: boolean): Said {
    return run === undefined
      ? json(404, { message: 'Run not found' })
      : json(200, this.#look(run, isWorkspace));
  }

  #look(run: TinyRun | undefined, isWorkspace: boolean): object {
    if (run === undefined) throw new Error('no run');
    run.looks += 1;
    const at = Math.min(run.looks, 3) - 1;
    const workspace = ['queued', 'running', 'succeeded'][at];
    if (isWorkspace) return { id: run.id, status: workspace, ...run.body };
    // Process runs and thread runs call it differently; which it is tells the body.
    return 'message' in run.body
      ? { runId: run.id, status: ['queued', 'in_progress', 'completed'][at] }
      : { id: run.id, status: ['Created', 'Running', 'Succeeded'][at] };
  }

  #page(route: string, isWorkspace: boolean, query: URLSearchParams): Said {
    const all = Array.from({ length: 7 }, (_, no) => ({ id: `item-${no}` }));
    const from = Number(query.get('cursor') ?? query.get('continuation_token') ?? query.get('after') ?? 0);
    const items = all.slice(from, from + 2);
    const next = from + 2 < all.length ? String(from + 2) : null;
    if (isWorkspace)
      return json(200, {
        items,
        meta: { limit: 2, hasMore: next !== null, ...(next && { nextCursor: next }) },
      });
    if (route === 'GET /runs') return json(200, { items, continuation_token: next });
    if (route.includes('/threads/'))
      return json(200, { runs: items, nextCursor: next, hasMore: next !== null });
    return json(200, { items, nextCursor: next });
  }

  #stream(heard: Heard, runId: string, query: URLSearchParams): Said {
    if (this.refusedStreams > 0) {
      this.refusedStreams -= 1;
      return json(503, { detail: 'All streams are taken' }, { 'retry-after': '2' });
    }
    const cursor = Number(heard.headers['last-event-id'] ?? query.get('cursor') ?? 0);
    const { lines } = this;
    async function* events(): AsyncGenerator<Uint8Array> {
      yield sse(cursor, 'ready', { runId, status: 'running', cursor });
      let at = 0;
      for (const line of lines) {
        at += Buffer.byteLength(line) + 1;
        if (at > cursor) yield Buffer.from(`id: ${at}\r\nevent: message\r\ndata: ${line}\r\n\r\n`);
      }
      yield Buffer.from(': ping\r\n\r\nevent: keepalive\r\ndata: {}\r\n\r\n');
      yield sse(at, 'end', { runId, status: 'succeeded', cursor: at, reason: 'run_complete' });
    }
    return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: events() };
  }

  #runAgent(heard: Heard, body: { stream: boolean }): Said {
    const known = this.#byKey.has(heard.headers['idempotency-key'] ?? '');
    const [run] = this.#make(heard, body, 1);
    const named = { 'x-run-id': run?.id ?? '' };
    if (!body.stream) return json(200, { messages: [], text: 'Hello there' }, named);
    if (known) return json(409, { message: 'The request was answered, and its answer was not kept' }, named);
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield part({ type: 'start' });
      yield Buffer.from(': ping 1\r\n\r\n');
      for (const text of ['Hello ', 'there']) yield part({ type: 'text-delta', id: '0', text });
      yield part({ type: 'finish', finishReason: 'stop', totalUsage: {} });
    }
    return { status: 200, headers: { 'content-type': 'text/event-stream', ...named }, body: parts() };
  }

  async #files(route: string, heard: Heard, body: Record<string, unknown> | undefined): Promise<Said> {
    const [, id = ''] = /\/documents\/([^/]+)/.exec(route) ?? [];
    if (route === 'POST /documents') {
      if (heard.body.length > this.requestBytes)
        return json(413, { detail: 'Ask POST /api/v1/workspaces/w/documents/uploads for a form' });
      const form = await formOf(heard);
      const file = form.get('file') as File;
      const key = heard.headers['idempotency-key'] ?? randomUUID();
      return this.#keep(key, file.name, await file.text(), form.get('conflictMode'));
    }
    if (route.endsWith('/versions')) {
      const { name = '' } = this.documents.get(id) ?? {};
      const key = heard.headers['idempotency-key'] ?? randomUUID();
      const file = (await formOf(heard)).get('file') as File;
      return this.#keep(key, name, await file.text(), 'upload_new_version');
    }
    if (route === 'POST /documents/uploads') {
      const uploadId = `${body?.name}@${randomUUID()}`;
      const fields = { key: uploadId, Policy: 'p' };
      return json(201, { uploadId, url: `${this.url}/store`, fields, maxBytes: 26_214_400 });
    }
    if (route === 'POST /files') {
      const fileId = randomUUID();
      return json(201, {
        id: fileId,
        file_name: body?.file_name,
        upload_url: `${this.url}/store`,
        upload_fields: { key: fileId },
      });
    }
    if (route === 'POST /store') {
      const form = await formOf(heard);
      this.stored.set(String(form.get('key')), await (form.get('file') as File).text());
      return { status: 204 };
    }
    if (route.endsWith('/complete')) {
      const uploadId = decodeURIComponent(/\/uploads\/([^/]+)/.exec(route)?.[1] ?? '');
      const name = uploadId.split('@')[0] ?? '';
      return this.#keep(uploadId, name, this.stored.get(uploadId) ?? '', body?.conflictMode);
    }
    if (route.startsWith('GET /documents/')) return this.#document(200, id);
    if (route.startsWith('DELETE /documents/')) {
      if (!this.documents.delete(id)) return json(404, { detail: `Document '${id}' not found` });
      this.deleted.push(id);
      return { status: 204 };
    }
    return json(404, { message: `No route ${route}` });
  }

  /** Once for each `once`: a key, or an upload. */
  #keep(once: string, name: string, bytes: string, conflictMode: unknown): Said {
    const known = this.#kept.get(once);
    if (known !== undefined) return this.#document(201, known);
    const [holder, held] = [...this.documents].find(([, document]) => document.name === name) ?? [];
    const isNext = held !== undefined && conflictMode === 'upload_new_version';
    if (held !== undefined && !isNext && conflictMode !== 'keep_both')
      return json(409, { detail: `Document name '${name}' is already in use (document '${holder}').` });
    const id = isNext && holder !== undefined ? holder : randomUUID();
    this.documents.set(id, { name, bytes, versionNo: isNext ? held.versionNo + 1 : 1 });
    this.#kept.set(once, id);
    return this.#document(201, id);
  }

  #document(status: number, id: string): Said {
    const { name, bytes = '', versionNo } = this.documents.get(id) ?? {};
    return json(status, { id, name, byteSize: Buffer.byteLength(bytes), currentVersionNo: versionNo });
  }
}

const sse = (id: number, event: string, data: unknown): Uint8Array =>
  Buffer.from(`id: ${id}\r\nevent: ${event}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);

const part = (value: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\r\n\r\n`);

const formOf = ({ headers, body }: Heard): Promise<FormData> =>
  new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData();
