import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Complaint, optional, type Terminal, type Values } from './command.ts';
import { inAccount, outputOf } from './deployment.ts';

/** A value and where it was found, as messages name it. */
export interface Found {
  value: string;
  from: string;
}

/** Where the platform is, and what else was said of whom it speaks with. */
export interface Address {
  url: Found;
  /** Whether it is on this machine, so that what `npm start` wrote is about it. */
  isLocal: boolean;
  /** By option, by environment, or by what the local platform wrote. */
  find(option: string, variable: string): Found | undefined;
}

/** The folder of the local platform. */
export const dataFolder = ({ environment }: Terminal): string => environment.RUNPLANE_DATA || '.runplane';

/**
 * What was typed counts before what the environment says, and that before what the local platform wrote.
 * @throws Complaint when nothing says where the platform is.
 */
export async function findAddress(values: Values, terminal: Terminal): Promise<Address> {
  const demo = join(dataFolder(terminal), 'demo.env');
  const local = await readVariables(demo);
  const url = await findUrl(values, terminal, { value: local.BASE_URL, from: demo });
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url.value).hostname);
  const isLocal = isHere && stageOf(values, terminal) === undefined;
  const find = (option: string, variable: string): Found | undefined => {
    const typed = optional(values, option);
    if (typed !== undefined) return { value: typed, from: `--${option}` };
    const set = terminal.environment[variable];
    if (set !== undefined && set !== '') return { value: set, from: variable };
    const written = isLocal ? local[variable] : undefined;
    return written === undefined ? undefined : { value: written, from: demo };
  };
  return { url, isLocal, find };
}

/** The deployment that is meant, if one is: by option, or by environment where no address is given. */
export function stageOf(values: Values, { environment }: Terminal): string | undefined {
  if (optional(values, 'url') !== undefined) return undefined;
  const stage = optional(values, 'stage');
  return stage ?? (environment.BASE_URL ? undefined : environment.RUNPLANE_STAGE || undefined);
}

async function findUrl(
  values: Values,
  terminal: Terminal,
  local: { value: string | undefined; from: string },
): Promise<Found> {
  const url = optional(values, 'url');
  if (url !== undefined) return { value: checked(url, '--url'), from: '--url' };
  const stage = stageOf(values, terminal);
  if (stage !== undefined) return ofStage(stage, values, terminal);
  const { BASE_URL } = terminal.environment;
  if (BASE_URL) return { value: checked(BASE_URL, 'BASE_URL'), from: 'BASE_URL' };
  if (local.value !== undefined) return { value: checked(local.value, local.from), from: local.from };
  throw new Complaint(
    'Say where the platform is: --stage, or --url, or BASE_URL. Here, npm start brings one up.',
    2,
  );
}

async function ofStage(stage: string, values: Values, terminal: Terminal): Promise<Found> {
  const url = await inAccount(values, terminal, 'read the stacks', (account) =>
    outputOf(account, stage, 'runs', 'ApiUrl'),
  );
  return { value: checked(url, `the stage ${stage}`), from: `the stage ${stage}` };
}

/** Paths are written behind it, so it ends without a slash. */
function checked(text: string, from: string): string {
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isAddress) throw new Complaint(`${from} is no address: '${text}' does not begin with https://.`, 2);
  return text.replace(/\/+$/, '');
}

async function readVariables(file: string): Promise<Record<string, string | undefined>> {
  try {
    const text = await readFile(file, 'utf8');
    return Object.fromEntries(
      [...text.matchAll(/^export (\w+)="(.*)"$/gm)].map(([, name, value]) => [name, value]),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const reason = error instanceof Error ? error.message : String(error);
    throw new Complaint(`What the local platform wrote cannot be read (${reason}).`);
  }
}
