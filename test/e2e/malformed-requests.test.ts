import { type IncomingHttpHeaders, Agent as KeptAlive, type OutgoingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operations } from '../../lib/apis/index.ts';
import {
  type ApiName,
  consumesOf,
  errorsOf,
  type Operation,
  pathsOf,
} from '../../lib/apis/operation/operation.ts';
import { timesIn } from '../support/lane.ts';
import {
  type Dice,
  diceOf,
  type Known,
  nastyForm,
  nastyGrammar,
  nastyJson,
  nastyValue,
  TEXTS,
} from '../support/nasty.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** `RUNPLANE_FUZZ=<n>` sends so many; another `RUNPLANE_SEED` looks elsewhere. Without, a change is judged by the same requests as the one before. */
const REQUESTS = Number(process.env.RUNPLANE_FUZZ ?? timesIn({ change: 500, long: 20_000 }));
const SEED = Number(process.env.RUNPLANE_SEED ?? 1_885_034_412);
const IN_FLIGHT = 16;
/** A request that has no answer by then never gets one. */
const PATIENCE_MS = 20_000;
const LONGEST_TARGET = 40_000;

let platform: TestPlatform;
/** Ids of what there is, by the names of path parameters. */
let ids: Record<string, string[]>;
let known: Known;
let cursors: string[];
let tokens: string[];
const connections = new KeptAlive({ keepAlive: true, maxSockets: IN_FLIGHT });

beforeAll(async () => {
  platform = await startTestPlatform();
  const { demo } = platform;
  const project = `/api/projects/${demo.workspaceId}`;
  const made = async (method: string, path: string, json?: unknown) => {
    const answer = await platform.call(method, path, json === undefined ? {} : { json });
    if (answer.status > 299) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const run = (await platform.run(demo.documentId)).body;
  const second = (await platform.run(demo.documentId, { operation: 'validate' })).body;
  const configuration = await made('POST', 'configurations', { name: 'Draft' });
  const upload = await made('POST', 'documents/uploads', { name: 'a.csv' });
  const key = await made('POST', 'api-keys', { name: 'Spare' });
  const member = await made('POST', 'members', { sub: 'somebody', role: 'reader' });
  const { threadId } = await made('POST', `${project}/threads`, {});
  await made('POST', `${project}/chat`, { message: 'Hello', threadId });
  await made('POST', `${project}/chat`, { message: 'Again', threadId });
  const threadRuns = (await made('GET', `${project}/threads/${threadId}/runs`)).runs;
  const input = { agent_id: demo.agentId, process_id: demo.processId, name: 'Run', stage: 'Published' };
  const processRun = await made('POST', '/runs', { ...input, inputs: {} });
  await made('POST', '/runs', { ...input, inputs: {} });
  const file = await made('POST', '/files', { file_name: 'a.csv' });
  await made('POST', '/api/v1/run', { agent_id: demo.agentId });
  const agentRuns = (await made('GET', `/api/v1/agents/${demo.agentId}/runs`)).items;
  const providers = (await made('GET', '/api/v1/providers')).items;
  const idsOf = (items: { id?: string; runId?: string }[]) => items.map(({ id, runId }) => id ?? runId ?? '');
  ids = {
    workspaceId: [demo.workspaceId],
    projectId: [demo.workspaceId],
    teamId: ['any'],
    documentId: [demo.documentId],
    runId: [run.id, second.id, ...idsOf(threadRuns), ...idsOf(agentRuns)],
    run_id: [processRun.id],
    process_id: [demo.processId],
    configurationId: [configuration.id],
    uploadId: [upload.uploadId],
    keyId: [key.id],
    memberId: [member.id],
    threadId: [demo.threadId, threadId],
    agentId: [demo.agentId, demo.undeployedAgentId],
    providerId: idsOf(providers),
    versionNo: ['1'],
    no: ['1'],
    file: ['start.js'],
  };
  known = {
    input_document_id: [demo.documentId, run.id],
    document_ids: [demo.documentId, run.id],
    configuration_id: [configuration.id],
    agent_id: ids.agentId ?? [],
    agentId: ids.agentId ?? [],
    process_id: [demo.processId],
    threadId: [threadId],
    file_ids: [file.id],
    provider_id: ids.providerId ?? [],
  };
  const pages = [
    ...['runs?limit=1', 'documents?limit=1', 'configurations?limit=1', 'members?limit=1', 'api-keys?limit=1'],
    `/runs?limit=1&agent_id=${demo.agentId}&process_id=${demo.processId}`,
    `/processes?limit=1&agent_id=${demo.agentId}`,
    ...[`${project}/threads?limit=1`, `${project}/threads/${threadId}/runs?limit=1`],
    ...['/api/v1/agents?limit=1', '/api/v1/providers?limit=1', `/api/v1/agents/${demo.agentId}/runs?limit=1`],
  ];
  const lists = await Promise.all(pages.map((path) => made('GET', path)));
  const found = lists.map((list) => list.meta?.nextCursor ?? list.nextCursor ?? list.continuation_token);
  cursors = found.filter((cursor) => typeof cursor === 'string');
  const [head, body, signature] = demo.jwt.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  tokens = [
    ...[
      '',
      '.',
      '..',
      'a.b.c',
      'null',
      `${head}.${body}`,
      `${head}.${body}.`,
      `${head}..${signature}`,
      `.${body}.`,
    ],
    ...[`${none}.${body}.`, `${head}.bnVsbA.${signature}`, `bnVsbA.bnVsbA.bnVsbA`, `W10.W10.W10`, `MQ.MQ.MQ`],
    ...[
      `${head}.${body}.${signature}x`,
      `${head}.${body}.A${signature?.slice(1)}`,
      'x'.repeat(9000),
      '\u00ff\u00fe',
    ],
  ];
});
afterAll(async () => {
  connections.destroy();
  await platform.close();
});

interface Sent {
  operation: Operation;
  target: string;
  /** Whether the path still is one of the operation's: its parameters are single segments with something in them. */
  isItsOwn: boolean;
  headers: OutgoingHttpHeaders;
  body: Buffer | undefined;
}

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  /** Undefined for an event stream, of which only the head is waited for. */
  text: string | undefined;
}

/**
 * Of verbs that take away or change what others look at or run, so that they only hit what is not there: an
 * agent whose version was nonsense would fail its runs, and that is a 500 which is meant.
 */
const isDestructive = ({ method, operationId }: Operation): boolean =>
  method === 'DELETE' || /^(put|archive|revoke|deploy|rollBack)/.test(operationId);

function aTarget(dice: Dice, operation: Operation): Pick<Sent, 'target' | 'isItsOwn'> {
  let isItsOwn = true;
  const hostile = (): string => {
    const text = dice.pick(TEXTS);
    if (dice.percent(8)) {
      isItsOwn = false;
      return dice.pick([
        '',
        '/',
        '..',
        '../x',
        'a/b',
        '%',
        '%zz',
        '%c0%af',
        '%ff',
        '%ed%a0%80',
        '{}',
        '"',
        '\\',
        ';a=b',
        '%2',
      ]);
    }
    return encodeURIComponent(text);
  };
  const path = dice.pick(pathsOf(operation)).replace(/\{(\w+)\}/g, (_, name: string) => {
    const places = name === 'workspaceId' || name === 'projectId';
    const real = ids[name] ?? [];
    if (real.length > 0 && dice.percent(places ? 92 : isDestructive(operation) ? 0 : 65)) {
      const id = dice.pick(real);
      return dice.percent(8) ? id.toUpperCase() : id;
    }
    return hostile();
  });
  const query = dice.percent(operation.method === 'GET' ? 75 : 15) ? `?${aQuery(dice, operation)}` : '';
  return { target: (path + query).slice(0, LONGEST_TARGET).replace(/%[0-9a-f]?$/i, ''), isItsOwn };
}

const OTHER_QUERIES = [
  'limit',
  'cursor',
  'filters',
  'sort',
  'q',
  '__proto__',
  'constructor',
  'nope',
  '',
  'redirect',
];

function namesOf(operation: Operation): string[] {
  const { query } = operation.input;
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'output', unrepresentable: 'any' });
  return Object.keys(properties);
}

function aQuery(dice: Dice, operation: Operation): string {
  const own = namesOf(operation);
  const chosen = own.filter(() => dice.percent(40));
  if (own.length === 0 || dice.percent(10)) chosen.push(dice.pick(OTHER_QUERIES));
  if (chosen.length > 0 && dice.percent(10)) chosen.push(dice.pick(chosen));
  return chosen.map((name) => `${encodeURIComponent(name)}=${aQueryValue(dice, name)}`).join('&');
}

function aQueryValue(dice: Dice, name: string): string {
  if (dice.percent(3)) return dice.pick(['%', '%zz', '%ff', '+', '&&', '=', '[]', '%ed%a0%80']);
  if (name === 'limit' && dice.percent(60)) return dice.pick(['1', '2', '100']);
  const real = ids[name] ?? ids[name.replace(/_id$/, 'Id')] ?? known[name];
  if (real !== undefined && dice.percent(70)) return encodeURIComponent(dice.pick(real));
  if (name === 'filters' && dice.percent(85)) return encodeURIComponent(nastyGrammar(dice));
  if (name === 'sort' && dice.percent(75)) {
    return encodeURIComponent(
      dice.percent(50)
        ? nastyGrammar(dice)
        : `[{"id":"${dice.pick(['createdAt', 'id', 'status', 'name'])}","desc":${dice.pick(['true', 'false', '"x"', 'null'])}}]`,
    );
  }
  if (/cursor|token|after|before/.test(name) && dice.percent(80)) return encodeURIComponent(aCursor(dice));
  if (/^(include|trim|redirect)/.test(name) && dice.percent(60))
    return dice.pick(['true', 'false', '1', 'NO']);
  return encodeURIComponent(
    dice.percent(70) ? dice.pick(TEXTS) : nastyValue(dice).slice(0, 3000).toWellFormed(),
  );
}

/** One of any list, one that was changed, or none at all. */
function aCursor(dice: Dice): string {
  const cursor = dice.pick([...cursors, ...(ids.runId ?? [])]);
  if (dice.percent(40)) return cursor;
  if (dice.percent(30)) return cursor.slice(0, dice.below(cursor.length));
  const json = Buffer.from(cursor, 'base64url').toString('utf8');
  if (dice.percent(60) && json.startsWith('{')) {
    const changed = json.replace(/:("[^"]*"|-?\d+|null|true|false)/g, (all) =>
      dice.percent(50) ? `:${nastyValue(dice).slice(0, 300)}` : all,
    );
    return Buffer.from(changed).toString('base64url');
  }
  return Buffer.from(nastyValue(dice).slice(0, 3000)).toString('base64url');
}

const HEADER_TEXTS = [
  ...[
    '',
    ' ',
    'a',
    '"',
    '"1"',
    'W/"1"',
    '*',
    '"x", W/"1"',
    ',,,',
    '-1',
    '0',
    '1',
    '99999999999999999999',
    'NaN',
    '1e309',
  ],
  ...['\u00ff\u00e9', '\t', '\u0080', '__proto__', '$jndi', '{}', '[]', 'x'.repeat(256), 'x'.repeat(9000)],
];
const CONTENT_TYPES = [
  ...[
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
  ],
  ...[
    'application/octet-stream',
    'multipart/form-data',
    'application/json/json',
    ';',
    '',
    '\u00ff',
    'application/problem+json',
  ],
];

function someHeaders(dice: Dice): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  const { demo } = platform;
  const who = dice.below(100);
  if (who < 62) headers['x-api-key'] = demo.apiKey;
  else if (who < 76) headers.authorization = `Bearer ${demo.jwt}`;
  else if (who < 86)
    headers.authorization =
      dice.pick(['Bearer ', 'bearer ', 'Bearer', 'Basic ', 'Bearer\t']) + dice.pick(tokens);
  else if (who < 95) {
    const [prefix = ''] = demo.apiKey.split('.');
    const bad = [
      '',
      '.',
      'a.b',
      `${prefix}.`,
      `${prefix}.x`,
      '__proto__.x',
      '\u00ff.\u00ff',
      'x'.repeat(9000),
      `${'x'.repeat(3000)}.y`,
    ];
    headers['x-api-key'] = dice.pick([...bad, demo.otherApiKey]);
  }
  for (const name of [
    'idempotency-key',
    'last-event-id',
    'if-match',
    'x-request-id',
    'accept',
    'range',
    'if-none-match',
  ]) {
    if (!dice.percent(12)) continue;
    headers[name] = dice.percent(10) ? ['a', 'b'] : dice.pick(HEADER_TEXTS);
  }
  return headers;
}

function aBody(dice: Dice, operation: Operation): { contentType: string; body: Buffer } | undefined {
  if (consumesOf(operation) === 'nothing' && !dice.percent(8)) return undefined;
  if (dice.percent(3)) return undefined;
  const isForm = dice.percent(3)
    ? consumesOf(operation) !== 'multipart'
    : consumesOf(operation) === 'multipart';
  if (isForm) return nastyForm(dice);
  const body = nastyJson(dice, operation.input.body ?? z.unknown(), known);
  return { contentType: dice.percent(8) ? dice.pick(CONTENT_TYPES) : 'application/json', body };
}

function aRequest(dice: Dice, operation: Operation): Sent {
  const { contentType, body } = aBody(dice, operation) ?? {};
  const type = contentType === undefined || dice.percent(3) ? {} : { 'content-type': contentType };
  const length = body === undefined ? {} : { 'content-length': body.length };
  return {
    operation,
    ...aTarget(dice, operation),
    headers: { ...someHeaders(dice), ...type, ...length },
    body,
  };
}

function send({ operation, target, headers, body }: Sent): Promise<Got> {
  const { hostname, port } = new URL(platform.url);
  return new Promise((resolve, reject) => {
    const { method } = operation;
    const req = request({
      hostname,
      port,
      method,
      path: target,
      headers,
      agent: connections,
      timeout: PATIENCE_MS,
      maxHeaderSize: 131_072,
    });
    req.on('timeout', () => req.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    req.on('error', reject);
    req.on('response', (res) => {
      const { statusCode: status = 0, headers: sent } = res;
      if (/^text\/event-stream/.test(sent['content-type'] ?? '')) {
        resolve({ status, headers: sent, text: undefined });
        req.on('error', () => undefined); // its own end
        req.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status, headers: sent, text: Buffer.concat(chunks).toString('utf8') }));
    });
    req.end(body);
  });
}

const issue = z.strictObject({ path: z.string().optional(), message: z.string(), code: z.string() });
const speaking = z.strictObject({ message: z.string().min(1) });

const problems = {
  'application/problem+json': z.strictObject({
    type: z.string().regex(/^[a-z_]+$/),
    title: z.string(),
    status: z.int(),
    detail: z.string().min(1).optional(),
    instance: z.string().startsWith('/'),
    requestId: z.string().min(1),
    errors: z.array(issue).optional(),
  }),
};

/** How each API says no: which members there are beside which content type. */
const SHAPES: Record<ApiName, Record<string, z.ZodType>> = {
  'workspace-runs': problems,
  'process-runs': {
    'application/json': z.strictObject({
      status_code: z.int(),
      message: z.string().min(1),
      details: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    }),
  },
  'thread-runs': {
    'application/json; charset=utf-8': speaking,
    'application/problem+json; charset=utf-8': z.strictObject({
      type: z.url(),
      title: z.string(),
      status: z.literal(400),
      traceId: z.string().min(1),
      errors: z.record(z.string(), z.array(z.string()).min(1)),
    }),
  },
  'agent-run': { 'application/json': speaking },
  reference: problems,
};

const isReadable = (target: string): boolean => {
  try {
    return decodeURIComponent(target) !== '';
  } catch {
    return false;
  }
};

const LEAKS = /node_modules|node:internal|\bat [\w.<>]+ \(|\.[mc]?[jt]s:\d+|TypeError|RangeError|ZodError/;

/** What is wrong with an answer; undefined when nothing is. */
function problemOf(
  { operation, target, isItsOwn: isMeant, body: bytes }: Sent,
  { status, headers, text }: Got,
): string | undefined {
  if (text === undefined) return undefined;
  const hasAddress = [platform.dataFolder, process.cwd()].some((folder) => text.includes(folder));
  if (hasAddress || (status >= 400 && LEAKS.test(text))) return 'says where it runs, or how it failed';
  const type = headers['content-type'] ?? '';
  if (status >= 500) {
    const isMeant =
      status === 503 && errorsOf(operation).includes(503) && headers['retry-after'] !== undefined;
    return isMeant ? undefined : 'is a fault';
  }
  const json = (): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  if (status < 400) {
    if (status === 204 || status === 307) return text === '' ? undefined : 'has a body, and should have none';
    if (type.startsWith('application/json') && json() === undefined) return 'is called JSON, and is none';
    return undefined;
  }
  const isItsOwn = isMeant && isReadable(target);
  if (!isReadable(target) && status !== 400) return 'is no refusal of a URL';
  // The cap on all JSON comes before any operation.
  const isCapped = status === 413 && (bytes?.length ?? 0) > 1_048_576;
  if (isItsOwn && !isCapped && !errorsOf(operation).includes(status))
    return 'has a status that the operation does not name';
  const shapes = isItsOwn ? [SHAPES[operation.api]] : Object.values(SHAPES);
  const body = json();
  if (!shapes.some((shape) => shape[type]?.safeParse(body).success)) return 'does not speak as its API does';
  const said = z.object({ status: z.int().optional(), status_code: z.int().optional() }).parse(body);
  return (said.status ?? said.status_code ?? status) === status
    ? undefined
    : 'names another status than it has';
}

const cut = (text: string, most = 400): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length})` : text;

const describeSent = ({ operation, target, headers, body }: Sent): string =>
  `${operation.operationId}: ${operation.method} ${cut(target)} ${cut(JSON.stringify(headers))} ${cut(body?.toString('utf8') ?? '')}`;

describe('malformed requests', () => {
  it(`${REQUESTS} of them, of seed ${SEED}: never a fault, always in the dialect of the API`, async () => {
    const findings: string[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < REQUESTS) {
        const at = next++;
        // Each has dice of its own: what is sent does not depend on who was answered first.
        const dice = diceOf(SEED + Math.imul(at, 0x9e3779b1));
        const sent = aRequest(dice, operations[at % operations.length] as Operation);
        try {
          const got = await send(sent);
          statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1);
          const problem = problemOf(sent, got);
          if (problem !== undefined) {
            findings.push(
              `#${at} ${got.status} ${problem}\n  ${describeSent(sent)}\n  ${got.headers['content-type']} ${cut(got.text ?? '')}`,
            );
          }
        } catch (error) {
          findings.push(`#${at} ${String(error)}\n  ${describeSent(sent)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));

    const seen = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    console.info(`malformed requests: seed ${SEED}; ${seen.join(', ')}`);
    expect(findings.slice(0, 40).join('\n\n'), `${findings.length} answers of seed ${SEED}`).toBe('');
    // They were wrong in ways that reach the verbs, too: some are as they should be.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(0);
    expect(await platform.call('GET', '/health')).toMatchObject({ status: 200 });
  });
});
