import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaFunction, LambdaProcess } from './lambda-process.ts';

let folder: string;
const running: LambdaProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runplane-asset-'));
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  await rm(folder, { recursive: true, force: true });
});

/** A function of this code, cold. */
async function start(code: string, members: Partial<LambdaFunction> = {}): Promise<LambdaProcess> {
  await writeFile(join(folder, 'index.mjs'), code);
  const fn = {
    name: 'Tried',
    folder,
    handler: 'index.handler',
    timeoutMs: 60_000,
    environment: {},
    ...members,
  };
  const one = await LambdaProcess.start(fn);
  running.push(one);
  return one;
}
const invoke = async (code: string, event: unknown = {}, members: Partial<LambdaFunction> = {}) =>
  (await start(code, members)).invoke(event);

describe('a function that answers whole', () => {
  it('is given its event and the time it has, and stays warm', async () => {
    const fn = await start(`let calls = 0;
      export const handler = async (event, context) => ({ event, calls: ++calls, left: context.getRemainingTimeInMillis() });`);

    const first = await fn.invoke({ a: 1 });
    const second = await fn.invoke({ a: 2 });

    expect(first).toMatchObject({ type: 'answered', value: { event: { a: 1 }, calls: 1 } });
    expect(second).toMatchObject({ type: 'answered', value: { event: { a: 2 }, calls: 2 } });
  });

  it('has no other environment than its own, and no package in reach', async () => {
    process.env.RUNPLANE_OF_THE_LANE = 'seen';
    try {
      const outcome = await invoke(
        `export const handler = async () => ({ lane: process.env.RUNPLANE_OF_THE_LANE ?? null, own: process.env.OWN,
          zod: await import('zod').then(() => true, (error) => error.code) });`,
        {},
        { environment: { OWN: 'given' } },
      );

      expect(outcome).toEqual({
        type: 'answered',
        value: { lane: null, own: 'given', zod: 'ERR_MODULE_NOT_FOUND' },
      });
    } finally {
      delete process.env.RUNPLANE_OF_THE_LANE;
    }
  });

  it.each([
    [6_291_554, 'answered'],
    [6_291_555, 'failed'],
  ])(
    'passes on an answer of 6 MB and no more: %i characters and their quotes are %s',
    async (length, type) => {
      const outcome = await invoke(`export const handler = async ({ length }) => 'x'.repeat(length);`, {
        length,
      });

      expect(outcome.type).toBe(type);
      if (type === 'failed') expect(outcome).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    },
  );

  it('is stopped when its time is over', async () => {
    const waiting = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 1e9));';

    expect(await invoke(waiting, {}, { timeoutMs: 1000 })).toEqual({
      ...{ type: 'failed', errorType: 'Sandbox.Timedout' },
      errorMessage: 'Task timed out after 1.00 seconds',
    });
  });

  it.each([
    ['throws', `export const handler = async () => { throw new RangeError('too much'); };`, 'RangeError'],
    ['takes a callback', 'export const handler = (event, context, done) => done();', 'Runtime.TypeError'],
    ['cannot be loaded', `import 'left-pad'; export const handler = async () => 1;`, 'Runtime.Error'],
    ['exports nothing', 'export const other = 1;', 'Runtime.TypeError'],
    ['ends its process', 'export const handler = async () => process.exit(3);', 'Runtime.ExitError'],
  ])('that %s has failed, by its name', async (_, code, errorType) => {
    expect(await invoke(code)).toMatchObject({ type: 'failed', errorType });
  });
});

const streaming = (body: string): string =>
  `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`;

describe('a function that streams', () => {
  it('is heard piece by piece: the first arrives while the handler waits for what its reader does then', async () => {
    const held: ServerResponse[] = [];
    const gate = createServer((_, res) => held.push(res)).listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const { port } = gate.address() as AddressInfo;
    const outcome = await invoke(
      streaming(`const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' } });
        out.write('one'); await fetch(event.gate); out.end('two');
        await new Promise((resolve) => out.once('finish', resolve));`),
      { gate: `http://127.0.0.1:${port}` },
    );
    if (outcome.type !== 'streamed') throw new Error(JSON.stringify(outcome));

    const first = await outcome.chunks.next();
    if (held.length === 0) await once(gate, 'request');
    for (const res of held) res.end();
    const second = await outcome.chunks.next();
    const end = await outcome.chunks.next();
    gate.close();

    expect(outcome.prelude).toEqual({ statusCode: 201, headers: { 'x-a': 'b' } });
    expect([first.value?.toString(), second.value?.toString()]).toEqual(['one', 'two']);
    expect(end.done).toBe(true);
  });

  it('that fails after it has begun breaks off, and says so at its end', async () => {
    const outcome = await invoke(
      streaming(`const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
        out.write('one'); throw new RangeError('too much');`),
    );
    if (outcome.type !== 'streamed') throw new Error(JSON.stringify(outcome));

    expect((await outcome.chunks.next()).value?.toString()).toBe('one');
    await expect(outcome.chunks.next()).rejects.toThrow('failed in its stream: RangeError');
  });

  it.each([
    ['says nothing of itself first', `stream.end('body');`, /content type/],
    [
      'says more of itself than 16 KB',
      `awslambda.HttpResponseStream.from(stream, { headers: { a: 'x'.repeat(17000) } }).end('b');`,
      /eight NUL bytes/,
    ],
    [
      'has a header that is no text',
      `awslambda.HttpResponseStream.from(stream, { headers: { a: 1 } }).end('b');`,
      /header a/,
    ],
  ])('that %s is what the gateway cannot read', async (_, body, message) => {
    const finished = 'await new Promise((resolve) => stream.once("close", resolve));';

    expect(await invoke(streaming(body + finished))).toMatchObject({
      ...{ type: 'failed', errorType: 'Runtime.BadStream' },
      errorMessage: expect.stringMatching(message),
    });
  });
});

describe('the folder of a function', () => {
  it('is a copy: what the function changes there is not its asset', async () => {
    await mkdir(join(folder, 'docs'));
    await writeFile(join(folder, 'docs/page.html'), 'page');
    const outcome = await invoke(`import { readFile } from 'node:fs/promises';
      export const handler = async () => readFile(process.env.LAMBDA_TASK_ROOT + '/docs/page.html', 'utf8');`);

    expect(outcome).toEqual({ type: 'answered', value: 'page' });
  });
});
