import { createHash } from 'node:crypto';

/** Who asks: everything that they may see follows from these. */
export interface Party {
  name: string;
  tenant: string;
  /** The only agent that they may know of; without it, all of the tenant's. */
  agent?: string;
  /** The party whose idempotency keys are theirs too; without it, they have their own. */
  holder?: string;
}

/**
 * What was seen from outside of the product, in its order: requests and answers, calls of services and what
 * befell them, items as they were written, executions, files. `at` is in milliseconds from the beginning.
 */
export type Entry = { at: number } & (
  | { type: 'ask'; no: number; party: string; method: string; path: string; key?: string; body: string }
  | { type: 'answer'; no: number; status: number; headers: Record<string, string>; body: string }
  | { type: 'no answer'; no: number; why: string }
  | { type: 'call'; by: string; name: string; fault?: string }
  | { type: 'write'; by: string; pk: string; sk: string; item: Record<string, unknown> | undefined }
  | { type: 'file'; by: string; what: 'put' | 'remove'; key: string; bytes: number }
  | { type: 'machine'; what: string; run: string; detail?: string }
  | { type: 'note'; text: string }
);

/** What happened in one schedule. */
export class History {
  readonly parties = new Map<string, Party>();
  readonly entries: Entry[] = [];
  calls = 0;
  faults = 0;
  /** Milliseconds since 1970. */
  readonly beginning: number;
  readonly #hash = createHash('sha256');

  constructor(beginning: number) {
    this.beginning = beginning;
  }

  add(entry: Entry extends infer One ? (One extends Entry ? Omit<One, 'at'> : never) : never): void {
    const dated = { at: Date.now() - this.beginning, ...entry } as Entry;
    if (dated.type === 'call') this.calls += 1;
    if (dated.type === 'call' && dated.fault !== undefined) this.faults += 1;
    this.entries.push(dated);
    this.#hash.update(JSON.stringify(dated, asText)).update('\n');
  }

  /** SHA-256 of everything, in hexadecimal. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

const asText = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

/** An entry as a line for people. */
export function lineOf(entry: Entry): string {
  const { at, type, ...rest } = entry;
  const time = (at / 1000).toFixed(3).padStart(10);
  switch (entry.type) {
    case 'call':
      return `${time}     ${entry.by}: ${entry.name}${entry.fault === undefined ? '' : `  ⚡ ${entry.fault}`}`;
    case 'note':
      return `${time} ${entry.text}`;
    case 'ask':
      return `${time} → ${entry.no} ${entry.party} ${entry.method} ${entry.path}${entry.key === undefined ? '' : ` [${entry.key}]`} ${short(entry.body)}`;
    case 'answer':
      return `${time} ← ${entry.no} ${entry.status} ${short(entry.body)}`;
    case 'write':
      return `${time}       ${entry.pk} ${entry.sk} ${shownItem(entry.item)}`;
    default:
      return `${time} ${type} ${Object.values(rest).join(' ')}`;
  }
}

const SHOWN = 300;
const short = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** Of a run's item what changes; of others how they begin. */
function shownItem(item: Record<string, unknown> | undefined): string {
  if (item === undefined) return 'removed';
  const { status, version, attempt, claimId, leaseUntil, failure } = item;
  if (status === undefined) return short(JSON.stringify(item, asText));
  return JSON.stringify({ status, version, attempt, claimId, leaseUntil, failure });
}
