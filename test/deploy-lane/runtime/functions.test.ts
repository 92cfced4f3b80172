import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { operations } from '../../../lib/apis/index.ts';
import { addPlatformStage } from '../../../lib/stacks/platform-stage.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { nodeOfLambda } from './node-24.ts';
import { type Check, runFunctionsAsLambda } from './run-functions.ts';

/** What the code of a function may have, unzipped: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_CODE_BYTES = 250_000_000;

const outdir = await mkdtemp(join(tmpdir(), 'runplane-assembly-'));
afterAll(() => rm(outdir, { recursive: true, force: true }));
const app = new App({ outdir, context: { 'aws:cdk:enable-path-metadata': true } });
addPlatformStage(app, { stageName: 'test', operations, corsOrigins: [], tracing: false });
app.synth();

const { node, said } = nodeOfLambda(join(import.meta.dirname, '..', '..', '..', '.cache', 'node-24'));

describe(said, () => {
  it('each function answers when it is cold, or fails by itself', async () => {
    const checks: Check[] = [];
    for await (const check of runFunctionsAsLambda(outdir, node)) checks.push(check);

    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(operations.length);
    expect(checks.filter(({ detail }) => detail.startsWith('streamed')).length).toBeGreaterThan(5);
  });

  it.each([
    ['a variable is missing', spoilEnvironment, /Environment is not complete. RUNPLANE_TABLE/],
    ['a file of its code is missing', spoilCode, /Runtime.Error: Cannot find module/],
  ])('where %s, the function is named', async (_, spoil, detail) => {
    const folder = await assemblyOf('GetRun');
    try {
      await spoil(folder);
      const checks: Check[] = [];
      for await (const check of runFunctionsAsLambda(folder, node)) checks.push(check);

      expect(checks).toEqual([
        { name: 'GetRun runs as Lambda runs it', ok: false, detail: expect.stringMatching(detail) },
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('no function has more code than Lambda takes', async () => {
    const sizes = await Promise.all(deployedFunctions(outdir).map(({ folder }) => bytesIn(folder)));

    expect(sizes.every((bytes) => bytes > 1000 && bytes <= MAX_CODE_BYTES)).toBe(true);
  });
});

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
}

const TEMPLATE = 'one.nested.template.json';

/** An assembly that has one function of the stage alone. */
async function assemblyOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runplane-spoiled-'));
  const fn = deployedFunctions(outdir).find((one) => one.name === name);
  if (fn === undefined) throw new Error(`The stage has no ${name}`);
  await cp(fn.folder, join(folder, 'asset.code'), { recursive: true });
  const resource = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...{ Code: { S3Key: 'code.zip' }, Handler: fn.handler, Timeout: fn.timeoutMs / 1000 },
      Environment: { Variables: fn.environment },
    },
    Metadata: { 'aws:cdk:path': `stack/${name}/Resource/Resource` },
  };
  await writeFile(join(folder, TEMPLATE), JSON.stringify({ Resources: { One: resource } }));
  return folder;
}

async function spoilEnvironment(folder: string): Promise<void> {
  const template = await readFile(join(folder, TEMPLATE), 'utf8');
  await writeFile(join(folder, TEMPLATE), template.replace('RUNPLANE_TABLE', 'ANOTHER'));
}

const spoilCode = (folder: string): Promise<void> => rm(join(folder, 'asset.code', 'index.mjs'));
