import { join, resolve } from 'node:path';
import { programOf } from '../clients-lane/install.ts';
import { run } from '../clients-lane/run.ts';

const PYTHON = programOf(resolve('.cache/deploy'), 'python');
const PROGRAM = join('test', 'deploy-lane', 'look_behind.py');

/** What each function of a stage has written to its log, by the function's name. */
export type Said = Readonly<Record<string, readonly string[]>>;

/** @param env of the account, where this process is not in it. */
export async function said(prefix: string, env?: Record<string, string>): Promise<Said> {
  const groups = (await look('said', prefix, env)) as Record<string, string[]>;
  return Object.fromEntries(Object.entries(groups).map(([group, lines]) => [functionOfLog(group), lines]));
}

/** `…/GetRunLogsC8BDA7C6` → `GetRun`. */
const functionOfLog = (group: string): string =>
  /([A-Za-z]+)Logs[0-9A-F]{8}(?:-\w+)?$/.exec(group)?.[1] ?? group;

export const untaken = (prefix: string, env?: Record<string, string>) =>
  look('untaken', prefix, env) as Promise<{ rules: string[]; untaken: string[] }>;

/** By table, and by index in it; the table itself is the index without a name. */
export const keys = (prefix: string, env?: Record<string, string>) =>
  look('keys', prefix, env) as Promise<Record<string, Record<string, { HASH?: string; RANGE?: string }>>>;

async function look(what: string, prefix: string, env: Record<string, string> = {}): Promise<unknown> {
  return JSON.parse(await run(PYTHON, [PROGRAM, what, prefix], { env }));
}
