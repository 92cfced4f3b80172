import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUIREMENTS = 'test/aws-lane/requirements.txt';
const VENV = '.venv/aws-lane';

/** The program of that name in the lane's virtual environment. */
export const programOf = (name: string): string => join(VENV, 'bin', name);

/**
 * Makes the virtual environment with the pinned requirements, once per version of them. Answers why that
 * is not possible here, or undefined when it is ready.
 */
export function preparePython(): string | undefined {
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  const stamp = join(VENV, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;

  if (!succeeds('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)'])) {
    return 'Python 3.10 or newer with venv is not installed';
  }
  if (!succeeds('python3', ['-m', 'venv', '--clear', VENV]))
    return 'Python could not make a virtual environment';
  const quickly = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];
  if (!succeeds(programOf('pip'), ['install', ...quickly, '-r', REQUIREMENTS])) {
    return 'the Python package index is not reachable';
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

const succeeds = (command: string, args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
