import { GetAccountSettingsCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../lambdas/steps/sweep.ts';
import { readConcurrency } from '../../../lib/adapters/aws/account-concurrency.ts';
import { DiskFileStore } from '../../../lib/adapters/local/files/disk-file-store.ts';
import {
  LEAST_PLACES,
  STREAM_SHARE,
  streamPlaces,
  streamPlacesKeeper,
} from '../../../lib/apis/streams/stream-places-keeper.ts';
import { LEASE_SECONDS, startRun } from '../../../lib/runs/service.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

const client = new LambdaClient({ region: 'us-east-1' });
const lambda = mockClient(client);
const HOUR = 3600;

let runs: TestRuns;
let lines: unknown[][];
beforeEach(async () => {
  lambda.reset();
  runs = await openTestRuns();
  lines = [];
});
afterEach(() => runs.close());

/** The platform of the sweeper on AWS, with the account that Lambda tells of. */
const platform = () => ({
  ...runs,
  files: new DiskFileStore({ folder: 'unused', baseUrl: () => '' }),
  account: { concurrency: async () => (await readConcurrency(client)).unreserved },
  logger: {
    info: (...line: unknown[]) => void lines.push(['info', ...line]),
    warn: (...line: unknown[]) => void lines.push(['warn', ...line]),
    error: (...line: unknown[]) => void lines.push(['error', ...line]),
  },
});

const accountOf = (limit: number, unreserved = limit) =>
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } });

const asked = (): number => lambda.commandCalls(GetAccountSettingsCommand).length;

describe('the share of streams', () => {
  it.each([
    [10, 5],
    [11, 5],
    [1000, 500],
    [100_000, 50_000],
    [0, 5], // no account is given fewer than ten
  ])('of %i executions is %i', (concurrency, places) => {
    expect(streamPlaces(concurrency)).toBe(places);
  });

  it('leaves requests and steps as much as it takes', () => {
    expect(STREAM_SHARE).toBe(0.5);
    expect(LEAST_PLACES).toBe(5);
  });
});

describe('the keeper of places', () => {
  it('makes them half of what the account has not reserved for functions of others', async () => {
    accountOf(1000, 800);

    await streamPlacesKeeper(platform)();

    expect(await runs.streams.count()).toBe(400);
    expect(lines).toEqual([['info', 'places of streams changed', { count: 400, concurrency: 800 }]]);
  });

  it('asks once an hour, and writes only what has changed', async () => {
    accountOf(1000);
    const keep = streamPlacesKeeper(platform);
    for (let minute = 0; minute < 60; minute += 1) {
      await keep();
      runs.advance(60);
    }
    expect(asked()).toBe(1);

    await keep();
    accountOf(3000);
    runs.advance(HOUR);
    await keep();

    expect(asked()).toBe(3);
    expect(lines).toEqual([
      ['info', 'places of streams changed', { count: 500, concurrency: 1000 }],
      ['info', 'places of streams changed', { count: 1500, concurrency: 3000 }],
    ]);
    expect(await runs.streams.count()).toBe(1500);
  });

  it('finds what another function has written, and leaves it', async () => {
    accountOf(1000);
    await streamPlacesKeeper(platform)();
    lines = [];

    await streamPlacesKeeper(platform)();

    expect(lines).toEqual([]);
  });

  it('goes by the whole limit where Lambda does not say what is reserved', async () => {
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 200 } });

    await streamPlacesKeeper(platform)();

    expect(await runs.streams.count()).toBe(100);
  });
});

describe('a sweep', () => {
  const denied = Object.assign(new Error('not authorized to perform: lambda:GetAccountSettings'), {
    name: 'AccessDeniedException',
  });
  const throttled = new TooManyRequestsException({ message: 'Rate exceeded', $metadata: {} });

  it.each([
    ['denied', denied],
    ['throttled', throttled],
  ])(
    'does its work when the account may not be read (%s), and leaves the places as they are',
    async (_, fault) => {
      await runs.streams.setCount(77);
      lambda.on(GetAccountSettingsCommand).rejects(fault);
      runs.executor.busy = true;
      await startRun(runs, {
        kind: 'document',
        workspaceId: runs.newId(),
        parentId: runs.newId(),
        input: {},
      });
      runs.executor.busy = false;
      runs.advance(LEASE_SECONDS + 1);

      const swept = await sweep(platform)();

      expect(swept).toEqual({ started: 1, extended: 0, ended: 0, postponed: 0, left: 0 });
      expect(await runs.streams.count()).toBe(77);
      expect(lines).toContainEqual([
        'warn',
        'The number of places for streams could not be looked after, and stays as it is',
        { error: fault },
      ]);
      expect(lines).toContainEqual(['info', 'swept', { step: 'sweep', ...swept }]);
    },
  );

  it('asks again an hour after it was refused', async () => {
    lambda.on(GetAccountSettingsCommand).rejectsOnce(throttled);
    const sweeping = sweep(platform);
    await sweeping();
    accountOf(1000);

    await sweeping();
    expect([asked(), await runs.streams.count()]).toEqual([1, undefined]);
    runs.advance(HOUR);
    await sweeping();

    expect([asked(), await runs.streams.count()]).toEqual([2, 500]);
  });

  it('says so when Lambda answers without a number', async () => {
    lambda.on(GetAccountSettingsCommand).resolves({});

    await sweep(platform)();

    expect(lines.find(([level]) => level === 'warn')).toMatchObject([
      'warn',
      expect.any(String),
      { error: new Error('Lambda did not say how many functions may run at once') },
    ]);
  });
});
