import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  corePlatform,
  executorPlatform,
  filesPlatform,
  fullPlatform,
} from '../../../lib/adapters/aws/platform.ts';
import { BUNDLE } from '../../../lib/constructs/functions/bundle.ts';

const KB = 1000;
const PLATFORMS = {
  corePlatform: { s3: false, sfn: false, atMost: 480 * KB },
  filesPlatform: { s3: true, sfn: false, atMost: 640 * KB },
  executorPlatform: { s3: false, sfn: true, atMost: 640 * KB },
  fullPlatform: { s3: true, sfn: true, atMost: 640 * KB },
};

describe.each(Object.entries(PLATFORMS))('the bundle of %s', (name, { s3, sfn, atMost }) => {
  let folder: string;
  let inputs: string[];
  let bytes: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runplane-bundle-'));
    const { metafile } = await build({
      ...BUNDLE,
      alias: { ...BUNDLE.alias },
      mainFields: [...BUNDLE.mainFields],
      stdin: {
        contents: `import { ${name} } from './lib/adapters/aws/platform.ts'; export const platform = ${name};`,
        resolveDir: process.cwd(),
      },
      outfile: join(folder, 'index.mjs'),
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    bytes = output?.bytes ?? Number.NaN;
    inputs = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    );
  });
  afterAll(() => rm(folder, { recursive: true }));
  const holds = (path: string) => inputs.some((input) => input.includes(path));

  it('holds the clients that it uses, and no other', () => {
    expect({ s3: holds('@aws-sdk/client-s3'), sfn: holds('@aws-sdk/client-sfn') }).toEqual({ s3, sfn });
    expect(holds('@aws-sdk/client-dynamodb')).toBe(true);
  });

  it('keeps within its size', () => {
    expect(bytes).toBeLessThan(atMost);
  });

  it('reaches AWS where nothing else is installed, as in Lambda', async () => {
    await writeFile(
      join(folder, 'main.mjs'),
      `import { platform } from './index.mjs';
      const ref = { workspaceId: 'w', kind: 'document', runId: 'r' };
      await platform().runs.get(ref).catch((error) => console.log(error.code));`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['main.mjs'], {
      cwd: folder,
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
        RUNPLANE_TABLE: 'table',
        RUNPLANE_BUCKET: 'bucket',
        RUNPLANE_DOCUMENT_MACHINE: 'arn:aws:states:us-east-1:123456789012:stateMachine:document-run',
        RUNPLANE_THREAD_MACHINE: 'arn:aws:states:us-east-1:123456789012:stateMachine:thread-run',
      },
    });
    expect(stdout.trim()).toBe('ECONNREFUSED');
  });
});

describe('the platforms', () => {
  it('are made once, of the same stores, when they are first asked for', () => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('RUNPLANE_TABLE', '');
    expect(() => corePlatform()).toThrow(/RUNPLANE_TABLE/);
    vi.stubEnv('RUNPLANE_TABLE', 'table');
    vi.stubEnv('RUNPLANE_BUCKET', 'bucket');
    vi.stubEnv('RUNPLANE_DOCUMENT_MACHINE', 'arn:aws:states:us-east-1:123456789012:stateMachine:m');
    vi.stubEnv('RUNPLANE_THREAD_MACHINE', 'arn:aws:states:us-east-1:123456789012:stateMachine:t');
    expect(fullPlatform()).toBe(fullPlatform());
    const { runs } = corePlatform();
    expect([filesPlatform().runs, executorPlatform().runs, fullPlatform().runs]).toEqual([runs, runs, runs]);
    expect(filesPlatform().files).toBe(fullPlatform().files);
    expect(executorPlatform().executor).toBe(fullPlatform().executor);
    expect(corePlatform().newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
    vi.unstubAllEnvs();
  });
});
