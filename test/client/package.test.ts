import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DroppingServer, startDropping } from './dropping-server.ts';
import { TinyPlatform } from './tiny-platform.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);

let folder: string;
let built: string;
let server: DroppingServer;

/** Somebody else's project, with the package installed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-client-'));
  built = join(folder, 'node_modules/runplane-client');
  await run(process.execPath, [require.resolve('tsx/cli'), join(ROOT, 'scripts/build-client.ts'), built]);
  server = await startDropping(new TinyPlatform().answer);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('the package', () => {
  it('works in plain Node.js', async () => {
    await writeFile(
      join(folder, 'use.mjs'),
      `import { createClient, RunplaneError } from 'runplane-client';
const client = createClient({ baseUrl: process.argv[2], apiKey: 'k' });
const runs = client.workspaceRuns('w');
const { id } = await runs.createRun({ inputDocumentId: 'd' });
const { status } = await runs.waitForRun(id);
const failed = await runs.getRun('nobody').catch((error) => error);
console.log(JSON.stringify({ status, failed: failed instanceof RunplaneError, message: failed.message }));
`,
    );

    const { stdout } = await run(process.execPath, [join(folder, 'use.mjs'), server.url]);

    expect(JSON.parse(stdout)).toEqual({ status: 'succeeded', failed: true, message: 'Run not found' });
  });

  it('tells a program what it may say', async () => {
    const program = (
      createRun: string,
    ) => `import { createClient, type FollowedEvent } from 'runplane-client';
const client = createClient({ baseUrl: 'https://example.com', token: async () => 't' });
export async function use(): Promise<FollowedEvent[]> {
  const runs = client.workspaceRuns('w');
  const run = await runs.createRun(${createRun});
  const events: FollowedEvent[] = [];
  for await (const event of runs.followRun(run.id)) events.push(event);
  for await (const { status } of runs.listRuns({ limit: 2 })) if (status === 'failed') break;
  return events;
}
`;
    await writeFile(join(folder, 'right.ts'), program(`{ inputDocumentId: 'd', options: { dryRun: true } }`));
    await writeFile(join(folder, 'wrong.ts'), program('{ inputDocument: 7 }'));
    const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const check = async (file: string): Promise<string> => {
      const args = [tsc, ...options, '--lib', 'es2022,dom', file];
      return (await run(process.execPath, args, { cwd: folder }).catch((error) => error)).stdout;
    };

    expect(await check('right.ts')).toBe('');
    expect(await check('wrong.ts')).toContain("'inputDocument' does not exist");
  });

  it('needs nothing that only Node.js has, and no other package', async () => {
    const programs = (await readdir(built)).filter((name) => name.endsWith('.js'));

    expect(programs).toContain('index.js');
    for (const name of programs) {
      const text = await readFile(join(built, name), 'utf8');
      const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
      expect(imported.filter((from) => !from?.startsWith('./'))).toEqual([]);
      expect(text.match(/\b(process|Buffer|require|global|setImmediate)\b[.(]/)).toBeNull();
    }
  });

  it('says what it is', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));

    expect(JSON.parse(await readFile(join(built, 'package.json'), 'utf8'))).toMatchObject({
      name: 'runplane-client',
      version,
      type: 'module',
      license: 'MIT',
      sideEffects: false,
    });
    expect(await readFile(join(built, 'README.md'), 'utf8')).toContain('# runplane-client');
  });
});
