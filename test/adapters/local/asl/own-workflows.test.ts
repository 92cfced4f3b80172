import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { AslExecutor } from '../../../../lib/adapters/local/asl/asl-executor.ts';
import { processMachines } from '../../../../lib/adapters/local/asl/process-machines.ts';
import { userFunctions } from '../../../../lib/adapters/local/workers/user-functions.ts';
import { WorkerPool } from '../../../../lib/adapters/local/workers/worker-pool.ts';
import { Run } from '../../../../lib/runs/run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function put(file: string, content: string | object): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

const task = (Resource: string, more: object = {}): object => ({
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource, End: true, ...more } },
});
const lambda = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
const SEND = 'arn:aws:states:::sqs:sendMessage';

/** An executor of the workflows in the folder, each run of which is given `input`. */
function anExecutor() {
  const workers = new WorkerPool({ environment: null, size: 1 });
  const ours = { find: async (names: readonly string[]) => (names.includes('ours') ? says : undefined) };
  const says = async () => 'ours';
  const load = processMachines({
    folders: [folder],
    functions: [
      userFunctions({
        ...{ folder: join(folder, 'functions'), bundles: join(folder, 'made'), workers },
        environment: () => ({ AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:1/_states' }),
      }),
      ours,
    ],
    functionsFolder: join(folder, 'functions'),
  });
  let input: unknown;
  const executor = new AslExecutor({
    machines: {},
    load,
    plan: ({ parentId }) => ({ machine: String(parentId), input }),
    onStatusChange: () => {},
    logger: { error: () => {} },
  });
  onTestFinished(async () => {
    await executor.close();
    await workers.close();
  });
  let no = 0;
  return {
    load,
    async run(machine: string, given: unknown = {}) {
      input = given;
      const id = `0197a000-0000-7000-8000-${String(no++).padStart(12, '0')}`;
      const run = Run.parse({
        ...{ id, kind: 'process', workspaceId: '0197a000-0000-7000-8000-00000000000a', parentId: machine },
        ...{ input: {}, status: 'queued', version: 1, attempt: 0 },
        ...{ createdAt: '2026-01-01T00:00:00.000Z', leaseUntil: '2026-01-01T00:02:00.000Z' },
      });
      await executor.start(run);
      return await executor.ended(id);
    },
  };
}

describe('functions in the folder of a user', () => {
  it.each([
    ['handler in ESM', 'double.mjs', 'export const handler = async ({ n }) => ({ n: n * 2 });'],
    ['task in TypeScript', 'double.ts', 'export const task = ({ n }: { n: number }) => ({ n: n * 2 });'],
    ['a default export', 'double.js', 'export default ({ n }) => ({ n: n * 2 });'],
    ['CommonJS', 'double.js', 'exports.handler = async ({ n }) => ({ n: n * 2 });'],
    ['a function that is its module', 'double.js', 'module.exports = ({ n }) => ({ n: n * 2 });'],
  ])('are %s', async (_what, file, source) => {
    await put('doubles.asl.json', task(lambda('double')));
    await put(`functions/${file}`, source);

    expect(await anExecutor().run('doubles', { n: 21 })).toEqual({ status: 'succeeded', output: { n: 42 } });
  });

  it.each([
    ['as it is spelled', 'Check_Line'],
    ['in kebab-case', 'check-line'],
  ])('are found by the name a task calls, %s', async (_what, file) => {
    await put('check.asl.json', task(lambda('Check_Line')));
    await put(`functions/${file}.mjs`, "export const handler = () => 'found';");

    expect(await anExecutor().run('check')).toMatchObject({ output: 'found' });
  });

  it('come before ours', async () => {
    await put('asks.asl.json', task(lambda('ours')));
    const { run } = anExecutor();

    expect(await run('asks')).toMatchObject({ output: 'ours' });
    await put('functions/ours.mjs', "export const handler = () => 'theirs';");
    expect(await run('asks')).toMatchObject({ output: 'theirs' });
  });

  it('are read anew for every execution, with what they import', async () => {
    await put('words.asl.json', task(lambda('words')));
    await put('functions/words.mjs', "import { word } from './parts/word.ts';\nexport default () => word;");
    await put('functions/parts/word.ts', "export const word: string = 'first';");
    const { run } = anExecutor();

    expect(await run('words')).toMatchObject({ output: 'first' });
    await put('functions/parts/word.ts', "export const word: string = 'second';");
    expect(await run('words')).toMatchObject({ output: 'second' });
  });

  it('have packages from beside them, in either module system, and files beside them', async () => {
    await put('node_modules/said/package.json', { name: 'said', type: 'module', exports: './index.js' });
    await put('node_modules/said/index.js', "export const said = 'package';");
    await put('node_modules/older/package.json', { name: 'older', main: 'main.js' });
    await put('node_modules/older/main.js', "exports.older = 'older';");
    await put('functions/words.json.txt', 'file');
    await put('esm.asl.json', task(lambda('esm')));
    await put(
      'functions/esm.mjs',
      "import { said } from 'said';\nimport { readFileSync } from 'node:fs';\n" +
        "export default () => said + readFileSync(new URL('words.json.txt', import.meta.url), 'utf8');",
    );
    await put('cjs.asl.json', task(lambda('cjs')));
    await put(
      'functions/cjs.js',
      "const { older } = require('older');\nconst fs = require('node:fs');\n" +
        "exports.handler = () => older + fs.readFileSync(__dirname + '/words.json.txt', 'utf8');",
    );
    const { run } = anExecutor();

    expect(await run('esm')).toMatchObject({ output: 'packagefile' });
    expect(await run('cjs')).toMatchObject({ output: 'olderfile' });
  });

  it('find an SDK without having one, and the Step Functions of the platform', async () => {
    await put('asks.asl.json', task(lambda('asks')));
    await put(
      'functions/asks.mjs',
      `import { SFNClient } from '@aws-sdk/client-sfn';
       export const handler = async (_, { functionName, getRemainingTimeInMillis }) => {
         const { config } = new SFNClient({});
         const { accessKeyId } = await config.credentials();
         return { functionName, time: getRemainingTimeInMillis() > 0, region: await config.region(),
           keys: typeof accessKeyId, url: process.env.AWS_ENDPOINT_URL_SFN };
       };`,
    );

    expect(await anExecutor().run('asks')).toMatchObject({
      output: {
        ...{ functionName: 'asks', time: true, region: expect.any(String), keys: 'string' },
        url: 'http://127.0.0.1:1/_states',
      },
    });
  });

  it('fail with their own error, and are invoked as the integration does it', async () => {
    const Arguments = { FunctionName: `${lambda('picky')}:live`, Payload: '{% $states.input %}' };
    await put('invokes.asl.json', {
      QueryLanguage: 'JSONata',
      ...task('arn:aws:states:::lambda:invoke', { Arguments, Output: '{% $states.result.Payload %}' }),
    });
    await put(
      'functions/picky.mjs',
      `class Bad extends Error { name = 'Bad.Input' }
       export const handler = async ({ good }) => { if (!good) throw new Bad('no good'); return 'good'; };`,
    );
    const { run } = anExecutor();

    expect(await run('invokes', { good: true })).toEqual({ status: 'succeeded', output: 'good' });
    expect(await run('invokes', {})).toMatchObject({
      status: 'failed',
      error: 'Bad.Input',
      cause: expect.stringContaining('no good'),
    });
  });

  it('are refused when they cannot be read, with the place', async () => {
    await put('breaks.asl.json', task(lambda('breaks')));
    await put('functions/breaks.mjs', 'export const handler = () => {\n  return 1 +;\n};');

    await expect(anExecutor().load('breaks')).rejects.toThrow(
      /functions\/breaks\.mjs cannot be read: Unexpected ";" \(line 2, column 13\)/,
    );
  });

  it('fail where they export nothing to call', async () => {
    await put('empty.asl.json', task(lambda('empty')));
    await put('functions/empty.mjs', 'export const nothing = 1;');

    expect(await anExecutor().run('empty')).toMatchObject({
      status: 'failed',
      cause: expect.stringContaining('The function empty exports neither handler nor task'),
    });
  });
});

describe('mocks beside a workflow', () => {
  const mocked = async (mocks: object | string, Resource = SEND, more: object = {}) => {
    await put('sends.asl.json', task(Resource, more));
    await put('sends.mocks.json', mocks);
    return anExecutor();
  };
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 0, MaxAttempts: 5 }];
  const busy = { Throw: { Error: 'Busy', Cause: 'later' } };

  it.each([
    SEND,
    'arn:aws:states:::dynamodb:getItem',
    'arn:aws:states:::aws-sdk:s3:listBuckets',
    'arn:aws:states:::states:startExecution.sync:2',
    'arn:aws:states:eu-west-1:123456789012:activity:paint',
    'arn:aws:states:::lambda:invoke',
    lambda('nowhere'),
    `${SEND}.waitForTaskToken`,
  ])('say what %s returns', async (Resource) => {
    const { run } = await mocked({ Work: { 0: { Return: { MessageId: 'm-1' } } } }, Resource);

    expect(await run('sends')).toEqual({ status: 'succeeded', output: { MessageId: 'm-1' } });
  });

  it('answer each invocation of an execution, and begin anew with the next one', async () => {
    const { run } = await mocked({ Work: { '0-1': busy, 2: { Return: 'sent' } } }, SEND, { Retry });

    expect(await run('sends')).toEqual({ status: 'succeeded', output: 'sent' });
    expect(await run('sends')).toEqual({ status: 'succeeded', output: 'sent' });
  });

  it('stay at the last answer', async () => {
    const { run } = await mocked({ Work: { 0: { Return: 1 }, 1: busy } });
    const Catch = [{ ErrorEquals: ['Busy'], Next: 'Done' }];
    const Work = { Type: 'Task', Resource: SEND, Next: 'Work', Catch };
    await put('sends.asl.json', { StartAt: 'Work', States: { Work, Done: { Type: 'Succeed' } } });

    expect(await run('sends')).toEqual({ status: 'succeeded', output: { Error: 'Busy', Cause: 'later' } });
    await put('sends.asl.json', task(SEND, { Retry }));
    await put('sends.mocks.json', { Work: { 0: busy } });
    expect(await run('sends')).toEqual({ status: 'failed', error: 'Busy', cause: 'later' });
  });

  it.each([
    ['{', /sends\.mocks\.json is not JSON/],
    [[], /sends\.mocks\.json cannot be used\. It /],
    [{ Nowhere: { 0: { Return: 1 } } }, /\["Nowhere"\] is no Task state of the workflow/],
    [{ Work: { 0: { Returns: 1 } } }, /\["Work"\]\["0"\] has to be \{"Return": …\} or \{"Throw"/],
    [{ Work: { 0: { Throw: { Cause: 'x' } } } }, /\["Work"\]\["0"\] has to be/],
    [{ Work: { first: { Return: 1 } } }, /\["Work"\]\["first"\] has to be a number, or two like 1-3/],
    [{ Work: { '2-1': { Return: 1 } } }, /\["Work"\]\["2-1"\] has to be a number/],
    [{ Work: { 1: { Return: 1 } } }, /\["Work"\] has to say once what invocation 0 comes to/],
    [{ Work: { '0-1': { Return: 1 }, 1: { Return: 2 } } }, /\["Work"\] has to say once what invocation 2/],
    [{ Work: {} }, /\["Work"\] has to say once what invocation 0 comes to/],
  ])('are refused with the place: %j', async (mocks, sentence) => {
    const { load } = await mocked(mocks);

    await expect(load('sends')).rejects.toThrow(sentence);
  });
});

describe('a task that nobody does here', () => {
  it.each([
    [
      lambda('nowhere'),
      /The state 'Work' calls the function nowhere, which is not there\. To have it, make .*functions\/nowhere\.mjs, which exports it as handler; or .*calls\.mocks\.json may say what comes of it/,
    ],
    [
      SEND,
      /The state 'Work' asks for arn:aws:states:::sqs:sendMessage, which is not on this machine\. .*calls\.mocks\.json may say/,
    ],
    ['arn:aws:states:::lambda:invoke', /asks for arn:aws:states:::lambda:invoke, which/],
  ])('is refused with what to do: %s', async (Resource, sentence) => {
    await put('calls.asl.json', task(Resource));

    await expect(anExecutor().load('calls')).rejects.toThrow(sentence);
  });
});
