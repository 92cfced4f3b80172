import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, createClient, RunplaneError } from '../../lib/client/index.ts';
import { type DroppingServer, type Said, startDropping } from './dropping-server.ts';
import { impatientClock } from './impatient.ts';

let server: DroppingServer;
/** What the server says next, and again and again. */
let says: (count: number) => Said | Promise<Said>;

const json = (body: unknown, status = 200): Said => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

beforeEach(async () => {
  says = () => json({ id: 'x' });
  let count = 0;
  server = await startDropping(async () => {
    count += 1;
    return says(count);
  });
  server.cutting = () => undefined;
});
afterEach(() => server.close());

const clientOf = (more: Partial<ClientOptions> = {}) =>
  createClient({
    baseUrl: server.url,
    apiKey: 'pre.secret',
    clock: impatientClock(),
    ...more,
  } as ClientOptions);

const failure = (promise: Promise<unknown>): Promise<RunplaneError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error) => error,
  );

describe('a request', () => {
  it('has its parts where the operation has them', async () => {
    const client = clientOf({ baseUrl: `${server.url}/stage/` });

    await client
      .workspaceRuns('w 1')
      .previewRunOutput('r/2', { maxRows: 5, sheetName: 'Ü&', sheetIndex: 0, trimEmptyRows: false });
    await client.threadRuns('p').createThreadRun('t', { message: 'Hi' }, { idempotencyKey: 'k1' });
    await client.agentRun.putProvider('echo', { type: 'echo' }, { headers: { 'if-match': '"1"' } });
    await client.request('getProcess', { path: { process_id: 'p' }, query: { agent_id: 'a' } });

    expect(server.heard.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
      [
        'GET',
        '/stage/api/v1/workspaces/w%201/runs/r%2F2/output/preview?maxRows=5&sheetName=%C3%9C%26&sheetIndex=0&trimEmptyRows=false',
        '',
      ],
      ['POST', '/stage/api/projects/p/threads/t/runs', '{"message":"Hi"}'],
      ['PUT', '/stage/api/v1/providers/echo', '{"type":"echo"}'],
      ['GET', '/stage/processes/p?agent_id=a', ''],
    ]);
    expect(server.heard.map(({ headers }) => [headers['idempotency-key'], headers['if-match']])).toEqual([
      [undefined, undefined],
      ['k1', undefined],
      [undefined, '"1"'],
      [undefined, undefined],
    ]);
  });

  it('shows a key or a token, asked for before every try', async () => {
    let no = 0;
    says = (count) => (count === 2 ? json({}, 503) : json({}));
    await clientOf().processRuns.getHealth();
    await clientOf({
      apiKey: undefined,
      token: async () => {
        no += 1;
        return `t${no}\n`; // as a file would end
      },
    } as Partial<ClientOptions>)
      .threadRuns('p')
      .getThread('t');

    expect(server.heard.map(({ headers }) => headers['x-api-key'] ?? headers.authorization)).toEqual([
      'pre.secret',
      'Bearer t1',
      'Bearer t2',
    ]);
  });

  it('has one generated key for all its tries, and another for the next request', async () => {
    says = (count) => (count === 1 ? json({}, 503) : json({ id: 'x' }, 201));
    const runs = clientOf().workspaceRuns('w');

    await runs.createRun({ inputDocumentId: 'd' });
    await runs.createRun({ inputDocumentId: 'd' });

    const [first, again, other] = server.heard.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect([again === first, other === first]).toEqual([true, false]);
  });

  it.each(['', '.', '..'])('refuses the name %j, which would make it another request', async (name) => {
    await expect(clientOf().workspaceRuns('w').getRun(name)).rejects.toThrow(
      new TypeError(`runId must name something, not be '${name}'`),
    );
    expect(server.heard).toEqual([]);
  });

  it('that is no GET is sent once when its answer is lost, unless it has a key or does no harm', async () => {
    server.cutting = () => 'unanswered';
    const runs = clientOf({ retries: 2 }).workspaceRuns('w');

    const failures = [
      await failure(runs.addMember({ sub: 's', role: 'member' })),
      await failure(runs.updateWorkspace({ name: 'n' })),
      await failure(runs.createRun({})),
      await failure(runs.cancelRun('r')),
      await failure(runs.getRun('r')),
    ];

    expect(failures.map(({ code, mayHaveArrived }) => [code, mayHaveArrived])).toEqual(
      Array(5).fill(['network', true]),
    );
    expect(
      server.heard.map(({ method, url }) => `${method} ${url.replace('/api/v1/workspaces/w', '')}`),
    ).toEqual([
      'POST /members',
      'PATCH ',
      ...Array(3).fill('POST /runs'),
      ...Array(3).fill('POST /runs/r/cancel'),
      ...Array(3).fill('GET /runs/r'),
    ]);
  });

  it('is tried again when nothing can have arrived', async () => {
    const { url } = server;
    await server.close();
    const clock = impatientClock();

    const error = await failure(
      createClient({ baseUrl: url, apiKey: 'k', clock, retries: 2 })
        .workspaceRuns('w')
        .addMember({ sub: 's', role: 'member' }),
    );

    expect(error).toMatchObject({ code: 'network', mayHaveArrived: false });
    expect(clock.slept).toHaveLength(2);
    server = await startDropping(async () => json({}));
  });

  it('that hears nothing is given up, and tried again if it may be', async () => {
    let tries = 0;
    const silent: typeof fetch = (_url, init) => {
      tries += 1;
      return new Promise((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      );
    };
    const runs = clientOf({ retries: 1, fetch: silent }).workspaceRuns('w');

    const error = await failure(runs.getRun('r', { timeoutMilliseconds: 10 }));

    expect(error).toMatchObject({ code: 'timeout', status: undefined, mayHaveArrived: true });
    expect(tries).toBe(2);
  });

  it('whose answer stands still in the middle is given up, too', async () => {
    const halting: typeof fetch = async (_url, init) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from('{"id":'));
          init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
        },
      });
      return new Response(body);
    };
    const runs = clientOf({ retries: 0, timeoutMilliseconds: 10, fetch: halting }).workspaceRuns('w');

    expect(await failure(runs.getRun('r'))).toMatchObject({ code: 'timeout', status: undefined });
  });

  it('ends at once when either signal aborts, with the reason of whoever aborted', async () => {
    const [always, once] = [new AbortController(), new AbortController()];
    says = () => {
      once.abort(new Error('enough'));
      return new Promise(() => undefined);
    };
    const runs = clientOf({ signal: always.signal }).workspaceRuns('w');

    await expect(runs.getRun('r', { signal: once.signal })).rejects.toThrow('enough');
    always.abort();
    await expect(runs.getRun('r')).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.heard).toHaveLength(1);
  });

  it('that is answered elsewhere goes there without the key', async () => {
    const store = await startDropping(async () => ({ status: 200, body: 'bytes' }));
    store.cutting = () => undefined;
    says = () => ({ status: 307, headers: { location: `${store.url}/file?signature=s` } });

    const text = await clientOf().workspaceRuns('w').downloadRunOutput('r', { redirect: true }).text();

    expect(text).toBe('bytes');
    expect(store.heard.map(({ url, headers }) => [url, headers['x-api-key']])).toEqual([
      ['/file?signature=s', undefined],
    ]);
    await store.close();
  });
});

describe('an answer', () => {
  it('of bytes is asked for when it is read, each time it is', async () => {
    says = (count) => ({
      status: 200,
      headers: { 'content-disposition': 'attachment' },
      body: `answer ${count}`,
    });
    const output = clientOf().workspaceRuns('w').downloadRunOutput('r');
    expect(server.heard).toEqual([]);

    expect(Buffer.from(await output.bytes()).toString()).toBe('answer 1');
    expect(await output.text()).toBe('answer 2');
    const response = await output.response();
    expect([response.headers.get('content-disposition'), await response.text()]).toEqual([
      'attachment',
      'answer 3',
    ]);
  });

  it('that is not JSON says so', async () => {
    says = () => ({ status: 200, headers: { 'x-request-id': 'req_9' }, body: '<html>Sign in</html>' });

    const error = await failure(clientOf().workspaceRuns('w').getRun('r'));

    expect(error).toMatchObject({
      code: 'bad_answer',
      status: 200,
      requestId: 'req_9',
      body: '<html>Sign in</html>',
    });
  });

  it('of nothing is undefined', async () => {
    says = () => ({ status: 204 });

    expect(await clientOf().workspaceRuns('w').removeMember('m')).toBeUndefined();
  });

  it('that refuses is an error with what was said', async () => {
    says = () => json({ message: 'Thread already has an active run' }, 409);

    const error = await failure(clientOf().threadRuns('p').createThreadRun('t', { message: 'Hi' }));

    expect(error).toBeInstanceOf(RunplaneError);
    expect(error).toMatchObject({ status: 409, message: 'Thread already has an active run' });
    expect(server.heard).toHaveLength(1);
  });
});

describe('a list', () => {
  it('is its first page to who awaits it, and is not asked for twice by who reads on', async () => {
    says = (count) => json({ items: [{ id: `i${count}` }], nextCursor: count < 3 ? `c${count}` : null });
    const list = clientOf().agentRun.listAgents({ limit: 1 });

    expect(await list).toEqual({ items: [{ id: 'i1' }], nextCursor: 'c1' });
    const ids: string[] = [];
    for await (const { id } of list) ids.push(id);

    expect(ids).toEqual(['i1', 'i2', 'i3']);
    expect(server.heard.map(({ url }) => url)).toEqual([
      '/api/v1/agents?limit=1',
      '/api/v1/agents?limit=1&cursor=c1',
      '/api/v1/agents?limit=1&cursor=c2',
    ]);
  });

  it('asks for no page that nobody reads', async () => {
    says = () => json({ items: [{ id: 'a' }, { id: 'b' }], continuation_token: 'more' });

    for await (const { id } of clientOf().processRuns.listProcesses({ agent_id: 'a' })) if (id === 'b') break;

    expect(server.heard).toHaveLength(1);
  });

  it('may have no items and no next page', async () => {
    says = () => json({ items: null, continuation_token: null });

    for await (const process of clientOf().processRuns.listProcesses({ agent_id: 'a' }))
      throw new Error(`${process.id} is not there`);
    expect(server.heard).toHaveLength(1);
  });
});

describe('a wait', () => {
  it('looks at growing intervals, up to its deadline', async () => {
    says = () => json({ id: 'r', status: 'Running' });
    const clock = impatientClock();
    const { processRuns } = clientOf({ clock });

    const error = await failure(processRuns.waitForRun('r', { deadlineMilliseconds: 30_000 }));

    expect(error).toMatchObject({
      code: 'deadline',
      runId: 'r',
      message: 'The run r was still Running after 30 s: it goes on, so look at it again later',
    });
    expect(clock.slept.slice(0, 4)).toEqual([200, 300, 450, 675]);
    expect(Math.max(...clock.slept)).toBe(5000);
    expect(clock.slept.reduce((sum, slept) => sum + slept)).toBeCloseTo(30_000);
  });

  it('ends at once when it is aborted', async () => {
    const leaving = new AbortController();
    says = () => {
      leaving.abort();
      return json({ runId: 'r', status: 'queued' });
    };

    const waiting = clientOf().threadRuns('p').waitForRun('t', 'r', { signal: leaving.signal });

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a client', () => {
  it('cannot be made for an address that is none', () => {
    for (const baseUrl of ['', 'localhost:8001', 'ftp://host'])
      expect(() => createClient({ baseUrl, apiKey: 'k' })).toThrow(TypeError);
  });

  it('never says what its key is', async () => {
    const SECRET = 'very\nsecret';
    const errors = [
      await failure(clientOf({ apiKey: SECRET }).processRuns.getHealth()),
      await failure(clientOf({ apiKey: '' }).processRuns.getHealth()),
      await failure(
        clientOf({
          apiKey: 'prefix.hidden',
          retries: 0,
          fetch: () => Promise.reject(new Error('could not send x-api-key: prefix.hidden')),
        }).processRuns.getHealth(),
      ),
    ];

    for (const { message } of errors) expect(message).not.toMatch(/secret|hidden/);
    expect(errors.map(({ name }) => name)).toEqual(['TypeError', 'TypeError', 'RunplaneError']);
    expect(server.heard).toEqual([]);
  });
});
