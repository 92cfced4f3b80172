import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/simulate.ts', import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const simulate = (...args: string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args]);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      said.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });

const outcomeOf = ({ stdout }: Ended): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

describe('npm run simulate', () => {
  it('0: ends with one line of JSON, the same in every process', async () => {
    const [first, second] = await Promise.all([
      simulate('--seed', '3', '--seeds', '2'),
      simulate('--seed', '3', '--seeds', '2'),
    ]);

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(first)).toEqual({
      ...{ seed: 3, seeds: 2, failed: [] },
      ...{ calls: expect.any(Number), faults: expect.any(Number), invariants: expect.any(Number) },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(second.stdout).toBe(first.stdout);
  });

  it('0: names its plants, one a line', async () => {
    const { code, stdout } = await simulate('--list-plants');

    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(expect.arrayContaining(['fault-7', 'fault-11']));
    expect(stdout).toMatch(/^([a-z0-9-]+\n)+$/);
  });

  it.each([
    ['a plant that there is not', ['--plant', 'nothing'], "There is no plant 'nothing'"],
    ['a seed that is no number', ['--seed', 'x'], "--seed must be a whole number from 0, not 'x'"],
    ['a flag that there is not', ['--sed', '1'], "Unknown option '--sed'"],
  ])('2: %s', async (_what, args, says) => {
    const { code, stdout, stderr } = await simulate(...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});
