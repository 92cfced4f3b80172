import { inflateRawSync } from 'node:zlib';
import type { Entry, History, Party } from '../history.ts';

/** A run as one write of its item had it. Read from the item alone, as whoever looks at the table would. */
export interface Record {
  at: number;
  by: string;
  status: string;
  version: number;
  attempt: number;
  redrives: number;
  startedAt: string | undefined;
  completedAt: string | undefined;
  createdAt: string;
  parentId: string;
  claimId: string | undefined;
  isListedOpen: boolean;
  input: string;
  failure: { code: string; message: string } | undefined;
  result: { [name: string]: unknown };
}

export interface RunFacts {
  id: string;
  kind: string;
  workspaceId: string;
  tenant: string;
  /** Of a process or an agent, whose it is. */
  agent: string | undefined;
  records: Record[];
}

/** One request, and what came of it. */
export interface Exchange {
  no: number;
  at: number;
  party: Party;
  method: string;
  path: string;
  key: string | undefined;
  asked: string;
  /** 0 when there was no answer. */
  status: number;
  headers: { [name: string]: string };
  body: string;
  answeredAt: number;
}

export interface Chunk {
  offset: number;
  text: string;
}

export interface Facts {
  history: History;
  /** Whether everything came to an end. */
  isOver: boolean;
  tenantOf: ReadonlyMap<string, string>;
  runs: ReadonlyMap<string, RunFacts>;
  exchanges: readonly Exchange[];
  /** Chunks of each run's log, as they stand at the end. */
  logs: ReadonlyMap<string, Chunk[]>;
  /** Sizes of the files that there are at the end. */
  files: ReadonlyMap<string, number>;
  /** Names that belong to somebody: ids of what a tenant has, and of agents. */
  owners: ReadonlyMap<string, { tenant: string; agent?: string }>;
  machines: readonly Extract<Entry, { type: 'machine' }>[];
}

const RUN_KEY = /^WS#([^#]+)#(document|process|thread|agent)$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Digits of base 32 that Crockford writes otherwise than JavaScript does: without i, l, o and u. */
const CROCKFORD = new Map([...'ijklmnopqrstuv'].map((digit, at) => [digit, 'jkmnpqrstvwxyz'.charAt(at)]));

/** Crockford's base32 of a UUID's 128 bits, as two of the APIs spell it. */
export function shortOf(uuid: string): string {
  const digits = BigInt(`0x${uuid.replaceAll('-', '')}`)
    .toString(32)
    .padStart(26, '0');
  return digits.replace(/[i-v]/g, (digit) => CROCKFORD.get(digit) ?? digit);
}

const asObject = (text: unknown): { [name: string]: unknown } => {
  const value: unknown = typeof text === 'string' ? JSON.parse(text) : {};
  return typeof value === 'object' && value !== null ? { ...value } : {};
};
const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function recordOf({ at, by, item }: { at: number; by: string; item: { [name: string]: unknown } }): Record {
  const failure = asObject(item.failure);
  return {
    at,
    by,
    status: String(item.status),
    version: Number(item.version),
    attempt: Number(item.attempt),
    redrives: Number(item.redrives ?? 0),
    startedAt: asText(item.startedAt),
    completedAt: asText(item.completedAt),
    createdAt: String(item.createdAt),
    parentId: String(item.parentId),
    claimId: asText(item.claimId),
    isListedOpen: item.openShard !== undefined,
    input: String(item.input),
    failure:
      item.failure === undefined
        ? undefined
        : { code: String(failure.code), message: String(failure.message) },
    result: asObject(item.result),
  };
}

function chunkOf(sk: string, item: { [name: string]: unknown }): Chunk {
  const bytes = item.bytes instanceof Uint8Array ? Buffer.from(item.bytes) : Buffer.alloc(0);
  const whole = item.inflatesTo === undefined ? bytes : inflateRawSync(bytes);
  return { offset: Number(sk.replace('LOG#', '')), text: whole.toString('latin1') };
}

export function factsOf(history: History, tenantOf: ReadonlyMap<string, string>, isOver: boolean): Facts {
  const runs = new Map<string, RunFacts>();
  const logs = new Map<string, Chunk[]>();
  const files = new Map<string, number>();
  const owners = new Map<string, { tenant: string; agent?: string }>();
  const exchanges: Exchange[] = [];
  const machines: Extract<Entry, { type: 'machine' }>[] = [];
  const asked = new Map<number, Exchange>();

  const see = (entry: Extract<Entry, { type: 'write' }>): void => {
    const { at, by, pk, sk, item } = entry;
    const [, workspaceId, kind] = RUN_KEY.exec(pk) ?? [];
    if (workspaceId !== undefined && kind !== undefined && item !== undefined) {
      const record = recordOf({ at, by, item });
      const tenant = tenantOf.get(workspaceId) ?? '?';
      const named = asText(asObject(record.input).agentId);
      const agent = kind === 'agent' ? record.parentId : kind === 'process' ? named : undefined;
      const known = runs.get(sk);
      if (known === undefined) {
        runs.set(sk, { id: sk, kind, workspaceId, tenant, agent, records: [record] });
        for (const id of [sk, shortOf(sk)])
          owners.set(id, { tenant, ...(agent === undefined ? {} : { agent }) });
      } else known.records.push(record);
    }
    const [, ownedBy] = /^WS#([^#]+)$/.exec(pk) ?? [];
    const tenant = ownedBy === undefined ? undefined : tenantOf.get(ownedBy);
    if (tenant !== undefined && ownedBy !== undefined) {
      owners.set(ownedBy, { tenant });
      if (/^(DOCUMENT|THREAD|UPLOAD|CONFIGURATION)#/.test(sk))
        for (const id of sk.match(UUID) ?? [])
          for (const name of [id, shortOf(id)]) owners.set(name, { tenant });
      const [, agent] = /^AGENT#(.*)$/.exec(sk) ?? [];
      if (agent !== undefined) owners.set(agent, { tenant, agent });
    }
    const [, logged] = /^RUN#(.*)$/.exec(pk) ?? [];
    if (logged !== undefined) {
      const chunks = (logs.get(logged) ?? []).filter(
        ({ offset }) => `LOG#${String(offset).padStart(12, '0')}` !== sk,
      );
      logs.set(logged, item === undefined ? chunks : [...chunks, chunkOf(sk, item)]);
    }
  };

  for (const entry of history.entries) {
    if (entry.type === 'write') see(entry);
    if (entry.type === 'machine') machines.push(entry);
    if (entry.type === 'file' && entry.what === 'put') files.set(entry.key, entry.bytes);
    if (entry.type === 'file' && entry.what === 'remove') files.delete(entry.key);
    if (entry.type === 'ask') {
      const { no, at, method, path, key, body } = entry;
      const party = history.parties.get(entry.party) ?? { name: entry.party, tenant: '?' };
      const exchange = {
        no,
        at,
        party,
        method,
        path,
        key,
        asked: body,
        status: 0,
        headers: {},
        body: '',
        answeredAt: at,
      };
      asked.set(no, exchange);
      exchanges.push(exchange);
    }
    if (entry.type === 'answer' || entry.type === 'no answer') {
      const exchange = asked.get(entry.no);
      if (exchange !== undefined) exchange.answeredAt = entry.at;
      if (exchange !== undefined && entry.type === 'answer')
        Object.assign(exchange, { status: entry.status, headers: entry.headers, body: entry.body });
    }
  }
  for (const chunks of logs.values()) chunks.sort((one, other) => one.offset - other.offset);
  return { history, isOver, tenantOf, runs, exchanges, logs, files, owners, machines };
}
