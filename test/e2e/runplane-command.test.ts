import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMachineArn } from '../../lib/adapters/local/process-machines.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

/** As an operator types it, beside a platform that has written its `demo.env`. */
function runplane(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { BASE_URL: _url, API_KEY: _key, ...rest } = process.env;
  const env = { ...rest, RUNPLANE_DATA: platform.dataFolder };
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/runplane.ts', ...args], { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const REGISTER = ['process', 'register', '--agent', 'cli', '--name', 'Review', '--stage', 'Draft'];
const machine = ['--machine', localMachineArn('order-review')];

describe('runplane process', () => {
  it('registers a process, twice the same, and lists it', async () => {
    const first = await runplane(...REGISTER, ...machine);
    const again = await runplane(...REGISTER, ...machine, '--json');
    const listed = await runplane('process', 'list', '--agent', 'cli', '--json');

    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^Registered Review \(Draft\) of agent cli as process [0-9a-z]{26}\.\n$/);
    const { id } = JSON.parse(again.out);
    expect(first.out).toContain(id);
    expect(JSON.parse(listed.out)).toEqual([{ agent_id: 'cli', id, name: 'Review', stage: 'Draft' }]);
  });

  it.each([
    ['no machine', REGISTER, 2, '--machine is missing.\n'],
    ['an option that there is not', ['process', 'list', '--agnt', 'x'], 2, expect.stringContaining('--agnt')],
    ['an unknown agent', ['process', 'list', '--agent', 'nobody'], 1, /^404: The specified process or agent/],
    [
      'a refused value',
      [...REGISTER, '--machine', 'x'],
      1,
      /^400: Invalid input values \(state_machine_arn /,
    ],
    [
      'a key that is none',
      ['process', 'list', '--agent', 'cli', '--key', 'x.y'],
      1,
      /^401: access not permitted\n$/,
    ],
    [
      'no platform',
      ['process', 'list', '--agent', 'cli', '--url', 'http://127.0.0.1:9'],
      1,
      /^Nothing answers at/,
    ],
  ])('says no in one sentence: %s', async (_what, args, code, sentence) => {
    const answer = await runplane(...args);

    expect(answer).toMatchObject({ code, out: '' });
    expect(answer.err.trimEnd().split('\n')).toHaveLength(1);
    if (sentence instanceof RegExp) expect(answer.err).toMatch(sentence);
    else expect(answer.err).toEqual(sentence);
  });

  it('tells what there is when asked nothing, and when asked something else', async () => {
    expect(await runplane()).toMatchObject({ code: 0, out: expect.stringContaining('process register') });
    expect(await runplane('dance')).toMatchObject({ code: 2, err: expect.stringContaining('Commands:') });
  });
});
