import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
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
