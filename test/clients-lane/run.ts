import { spawn, spawnSync } from 'node:child_process';
import { Unavailable } from './client.ts';

export interface Circumstances {
  cwd?: string;
  env?: Record<string, string>;
  /** Where it has its packages from, and what it says when it cannot have them. */
  index?: PackageIndex;
}

export interface PackageIndex {
  name: string;
  unreachable: RegExp;
}

/** A program that hangs is a failure too; the slowest is Maven, which takes a minute on a busy machine. */
const PATIENCE_MS = 300_000;
/** Of what a program says when it fails, the end is what tells. */
const KEPT_CHARACTERS = 4000;

/** Whether there is such a program. */
export const isInstalled = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/**
 * What a program says, both outputs together.
 * @throws Unavailable when it could not have its packages.
 * @throws Error with the end of what it says, when it does not end well for another reason.
 */
export async function run(program: string, args: readonly string[], { cwd, env, index }: Circumstances = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let text = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', kill);
  if (code !== 0 && index?.unreachable.test(text) === true)
    throw new Unavailable(`${index.name} is not reachable, and not everything it needs of that is kept here`);
  if (code !== 0)
    throw new Error(`${program} ${args[0] ?? ''} ended with ${code}:\n${text.slice(-KEPT_CHARACTERS)}`);
  return text;
}
