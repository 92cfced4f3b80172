import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../lib/apis/index.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

const run = promisify(execFile);
const seed = (name: string): Promise<string> => readFile(new URL(`./seeds/${name}`, import.meta.url), 'utf8');

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.close());

/** Runs a command as a reader of the document would: in a shell that has sourced `demo.env`. */
async function pasted(script: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', `source ${join(platform.dataFolder, 'demo.env')}\n${script}`]);
  return stdout;
}

describe('seed 000, as pasted', () => {
  it('creates a run, polls it to succeeded, reads its output', async () => {
    const document = await seed('000.md');
    const bash = [...document.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    const [, create = '', poll = '', output = ''] = bash;
    const withStatus = (script: string) => script.replace('curl -sS', "curl -sS -w '\\n%{http_code}'");

    const [created = '{}', status] = (await pasted(withStatus(create))).split('\n');
    expect(status).toBe('201');
    const { id } = JSON.parse(created);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    const named = (script: string) => `export RUN_ID="${id}"\n${script.replace(/export RUN_ID=.*\n/, '')}`;
    let polled: { status: string };
    do polled = JSON.parse(await pasted(named(poll)));
    while (['queued', 'running'].includes(polled.status));
    expect(polled.status).toBe('succeeded');

    expect(JSON.parse(await pasted(named(output)))).toMatchObject({ ready: true });
  });
});

describe('seed 001', () => {
  it('every row of the endpoint matrix is an operation with its primary status and errors', async () => {
    const rows = [
      ...(await seed('001.md')).matchAll(
        /^\| `(\w+)` \| `([^`]+)` \| protected \| `(\d+)` \|.*\| ([^|]+) \|$/gm,
      ),
    ];
    expect(rows).toHaveLength(17);

    const found = rows.flatMap(([, method, path, status, errors]) => {
      const operation = operations.find((one) => one.method === method && one.path === path);
      return operation === undefined ? [] : [{ operation, status, errors }];
    });

    expect(found).toHaveLength(17);
    for (const { operation, status, errors } of found) {
      expect(operation.success.status).toBe(Number(status));
      const documented = [...(errors ?? '').matchAll(/\d{3}/g)].map(Number);
      expect(operation.errors, operation.operationId).toEqual(expect.arrayContaining(documented));
    }
  });
});
