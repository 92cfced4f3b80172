import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programOf } from '../support/program.ts';
import { canMount, mountDisk, unmountDisk } from '../support/small-disk.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The program of `npm start` on a folder, and what it says before it is up or gives up. */
async function start(
  dataFolder = folder,
  words: readonly string[] = [],
  program?: readonly string[],
): Promise<{ child: ChildProcess; said: string; code: number | null }> {
  const started = program ?? [await programOf('bin/local.ts')];
  const child = spawn(process.execPath, [...started, ...words], {
    env: { ...process.env, PORT: '0', RUNPLANE_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const up = once(child.stdout, 'data').then(([text]) => {
    said += text;
  });
  await Promise.race([up, once(child, 'close')]);
  return { child, said, code: child.exitCode };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

const urlIn = (said: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';

describe('npm start', () => {
  it('takes its port and folder as words too, and none that it does not know', async () => {
    const other = await mkdtemp(join(tmpdir(), 'runplane-words-'));
    try {
      const up = await start(folder, ['--port', '0', '--data', other], ['--import', 'tsx', 'bin/local.ts']);
      expect(await readdir(other)).toContain('demo.env');
      expect(await readdir(folder)).toEqual([]);
      await end(up.child, 'SIGTERM');
    } finally {
      await rm(other, { recursive: true, force: true });
    }
    const help = await start(folder, ['--help']);
    expect(help.said).toContain('--data');
    for (const words of [['--prot', '8001'], ['8001'], ['--port', 'x'], ['--port=']]) {
      const refused = await start(folder, words);
      expect(refused.code, words.join(' ')).toBe(1);
      expect(refused.said).toMatch(/--port/);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('says where the first one of a folder is up, and leaves it alone', async () => {
    const first = await start();
    const second = await start();

    expect(second.code).toBe(1);
    expect(second.said).toMatch(
      new RegExp(
        `^Runplane is up on the folder .* already: ${urlIn(first.said)} \\(process ${first.child.pid}\\)\\.`,
      ),
    );
    expect(second.said).toContain('RUNPLANE_DATA');
    expect(second.said).not.toMatch(/LEVEL|lock|at .*:\d+:\d+/);
    expect((await fetch(`${urlIn(first.said)}/api/v1/health`).catch(() => undefined))?.status).toBeDefined();

    await end(first.child, 'SIGKILL');
    const third = await start();
    expect(third.code).toBeNull();
    await end(third.child, 'SIGTERM');
    expect(await readdir(folder)).not.toContain('running.json');
  });

  it('says which file of the database is gone, changes nothing, and starts again when it is back', async () => {
    const current = join(folder, 'database', 'CURRENT');
    const text = await readFile(current);
    const environment = await readFile(join(folder, 'demo.env'), 'utf8');
    await rm(current);

    for (const _again of [1, 2]) {
      const refused = await start();
      expect(refused.code).toBe(1);
      expect(refused.said.trim()).toBe(
        `The database in ${join(folder, 'database')} is damaged: its file CURRENT is missing. ` +
          `Put back a copy of ${folder}, or move that folder away to start anew.`,
      );
    }

    expect(await readFile(join(folder, 'demo.env'), 'utf8')).toBe(environment);
    await writeFile(current, text);
    const again = await start();
    expect(again.code).toBeNull();
    await end(again.child, 'SIGTERM');
  });

  it('says which file it cannot read, and that only that one is to be removed', async () => {
    const file = join(folder, 'demo.json');
    const text = await readFile(file);
    await writeFile(file, '{');

    expect(await start()).toMatchObject({
      code: 1,
      said: `${file} is not what the first boot wrote. Put back a copy of it, or remove that file only: then another demo workspace is made, and everything that there is stays.\n`,
    });
    await rm(file);
    const again = await start();
    expect(again.code).toBeNull();
    await end(again.child, 'SIGTERM');
    await writeFile(file, text);
  });

  it('does not take the place of a database that is gone', async () => {
    await rm(join(folder, 'database'), { recursive: true });
    await rm(join(folder, 'database.json')); // as before there was one

    expect(await start()).toMatchObject({ code: 1, said: expect.stringContaining('its files are gone') });
  });

  it('says that a folder is none', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expect(await start(file)).toMatchObject({
      code: 1,
      said: expect.stringContaining(`${file} is not a folder.`),
    });
  });

  it.skipIf(!canMount)('says that a folder can only be read', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'runplane-read-only-'));
    mountDisk(disk, 'ro,size=1m');
    try {
      const said = expect.stringContaining(`The folder ${disk} is on a disk that can only be read.`);
      expect(await start(disk)).toMatchObject({ code: 1, said });
    } finally {
      unmountDisk(disk);
      await rm(disk, { recursive: true });
    }
  });
});
