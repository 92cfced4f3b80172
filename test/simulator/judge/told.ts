import { type Exchange, type Facts, shortOf } from './facts.ts';

/** What a create was answered with. */
export interface Told {
  exchange: Exchange;
  kind: string;
  /** Who asks what under which key: the same again is to make nothing new. */
  group: string;
  /** As the API spells them. */
  ids: string[];
}

const object = (text: string): { [name: string]: unknown } => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};
const textIn = (value: unknown, name: string): string[] => {
  const member = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? [member] : [];
};

const CREATES: { path: RegExp; kind: string; ids: (exchange: Exchange) => string[] }[] = [
  {
    path: /^\/api\/v1\/workspaces\/[^/]+\/runs$/,
    kind: 'document',
    ids: ({ body }) => textIn(object(body), 'id'),
  },
  {
    path: /^\/api\/v1\/workspaces\/[^/]+\/runs\/batch$/,
    kind: 'document',
    ids: ({ body }) => {
      const { runs } = object(body);
      return Array.isArray(runs) ? runs.flatMap((run) => textIn(run, 'id')) : [];
    },
  },
  {
    path: /^\/api\/v1\/workspaces\/[^/]+\/documents(\/uploads\/[^/]+\/complete)?$/,
    kind: 'document',
    ids: ({ body }) => textIn(object(body).lastRun, 'id'),
  },
  { path: /^\/runs$/, kind: 'process', ids: ({ body }) => textIn(object(body), 'id') },
  {
    path: /^\/api\/projects\/[^/]+\/threads\/[^/]+\/runs$/,
    kind: 'thread',
    ids: ({ body }) => textIn(object(body), 'runId'),
  },
  {
    path: /^\/api\/projects\/[^/]+\/chat$/,
    kind: 'chat',
    ids: ({ body, headers: { location = '' } }) => [
      ...textIn(object(body), 'threadId'),
      ...[...location.matchAll(/thread_[0-9a-z]{26}/g)].map(([thread]) => thread),
    ],
  },
  {
    path: /^\/api\/v1\/run$/,
    kind: 'agent',
    ids: ({ headers }) => (headers['x-run-id'] === undefined ? [] : [headers['x-run-id']]),
  },
];

/** Every create that was answered with what it made. */
export function toldBy({ exchanges }: Facts): Told[] {
  return exchanges.flatMap((exchange) => {
    const { method, path, status, key, party } = exchange;
    const create = method === 'POST' ? CREATES.find((known) => known.path.test(path)) : undefined;
    if (create === undefined) return [];
    // A run of an agent is named whatever became of it, and so is one of a chat.
    const tells =
      (status >= 200 && status < 300) ||
      (create.kind === 'agent' && exchange.headers['x-run-id'] !== undefined) ||
      (create.kind === 'chat' && exchange.headers.location !== undefined);
    if (!tells) return [];
    const group = `${party.name} ${path} ${key ?? ''}`;
    return [{ exchange, kind: create.kind, group, ids: create.ids(exchange) }];
  });
}

/** The id of a run by any spelling of it. */
export function spellings(id: string): string[] {
  return [id, shortOf(id), `run_${shortOf(id)}`];
}

/** Ids of runs by their spellings. */
export function idsBySpelling({ runs }: Facts): Map<string, string> {
  return new Map(
    [...runs.keys()].flatMap((id) => spellings(id).map((spelling): [string, string] => [spelling, id])),
  );
}
