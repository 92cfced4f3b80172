import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  noCorrections,
  withCorrection,
} from '../../../lib/apis/workspace-runs/corrections/corrections-record.ts';
import { learnHeader, learnValue } from '../../../lib/apis/workspace-runs/learned/learn.ts';
import { learnedBytes, MAX_LEARNED_BYTES } from '../../../lib/apis/workspace-runs/learned/learned-record.ts';
import { taughtFor } from '../../../lib/apis/workspace-runs/work/taught-for.ts';
import { refOf } from '../../../lib/runs/run.ts';
import { claimRun, startRun } from '../../../lib/runs/service.ts';
import { NOTHING_TAUGHT } from '../../../lib/spreadsheets/map/taught.ts';
import { MemoryFiles } from '../../reliability/memory-files.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

let runs: TestRuns;
let platform: TestRuns & { files: MemoryFiles };
const configurationId = uuid();
beforeEach(async () => {
  runs = await openTestRuns();
  platform = { ...runs, files: new MemoryFiles() };
});
afterEach(() => runs.close());

const input = { configurationId };
const aRun = () =>
  startRun(runs, {
    ...{ kind: 'document', workspaceId: A_WORKSPACE, parentId: uuid() },
    input: { operation: 'process', configurationId },
  });
const learn = (header: string, by: string = uuid()) =>
  learnHeader(platform, { workspaceId: A_WORKSPACE, configurationId, by }, { header, field: 'f' });
const headersOf = ({ taught }: Awaited<ReturnType<typeof taughtFor>>) =>
  taught.headers.map(({ header, count }) => [header, count]);

describe('every attempt of a run goes by the same', () => {
  it('by what the first one found, though more was learned meanwhile', async () => {
    await learn('one');
    const run = await aRun();
    const first = await taughtFor(platform, await claimRun(runs, refOf(run), 0), input);
    runs.advance(60);
    await learn('one');
    await learn('two');

    const second = await taughtFor(platform, await claimRun(runs, refOf(run), 1), input);

    expect(headersOf(first)).toEqual([['one', 1]]);
    expect(second).toEqual(first);
    expect([...platform.files.kept.keys()]).toEqual([first.taughtKey]);
    const next = await taughtFor(platform, await claimRun(runs, refOf(await aRun()), 0), input);
    expect(headersOf(next)).toEqual([
      ['one', 2],
      ['two', 1],
    ]);
  });

  it('by nothing, where the first one found nothing, and keeps no file of that', async () => {
    const run = await aRun();
    const first = await taughtFor(platform, await claimRun(runs, refOf(run), 0), input);
    runs.advance(60);
    await learn('two');

    const second = await taughtFor(platform, await claimRun(runs, refOf(run), 1), input);

    expect([first.taught, second.taught]).toEqual([NOTHING_TAUGHT, NOTHING_TAUGHT]);
    expect(platform.files.kept.size).toBe(0);
  });

  it('by what had been learned when it began, where the first one broke off before it had read', async () => {
    await learn('one');
    runs.advance(60);
    const run = await aRun();
    await claimRun(runs, refOf(run), 0);
    runs.advance(60);
    await learn('two');

    const second = await taughtFor(platform, await claimRun(runs, refOf(run), 1), input);

    expect(headersOf(second)).toEqual([['one', 1]]);
  });
});

describe('what is learned', () => {
  it('at the same time is all there, and counted', async () => {
    const words = Array.from({ length: 10 }, (_, no) => `w${no}`);

    await Promise.all([...words, ...words].map((word) => learn(word)));

    const record = await platform.learned.get(A_WORKSPACE, configurationId);
    expect(record?.headers.map(({ header, count }) => [header, count]).toSorted()).toEqual(
      words.map((word) => [word, 2]),
    );
  });

  it('is counted once for a place, as often as it is said there', async () => {
    for (const by of ['here', 'here', 'there', 'there']) await learn('one', by);

    const record = await platform.learned.get(A_WORKSPACE, configurationId);
    expect(record?.headers).toMatchObject([{ header: 'one', count: 2 }]);
  });

  it('longest ago is forgotten where there is too much', async () => {
    const teacher = { workspaceId: A_WORKSPACE, configurationId, by: 'here' };
    const long = (no: number) => `${'語'.repeat(490)}${no}`;
    for (let no = 0; no < 100; no += 1) {
      await learnValue(platform, teacher, { field: 'f', from: long(no), to: long(no) });
      runs.advance(1);
    }

    const record = await platform.learned.get(A_WORKSPACE, configurationId);
    const kept = record?.values.map(({ from }) => from) ?? [];
    expect(learnedBytes(record ?? { headers: [], values: [] })).toBeLessThanOrEqual(MAX_LEARNED_BYTES);
    expect(kept.length).toBeGreaterThan(80);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, no) => long(100 - kept.length + no)));
  });
});

it('of the corrections of a document the latest are kept', () => {
  const correction = (no: number) => ({
    ...{ runId: uuid(), columnId: '0.0.0', at: new Date(no).toISOString(), sheetName: 'S' },
    ...{ sheetIndex: 0, tableIndex: 0, columnIndex: 0, header: `${'x'.repeat(1000)}${no}`, field: null },
  });
  let record = noCorrections(uuid());
  for (let no = 0; no < 300; no += 1) record = withCorrection(record, correction(no));

  expect(Buffer.byteLength(JSON.stringify(record.corrections))).toBeLessThanOrEqual(262_144);
  expect(record.corrections.length).toBeGreaterThan(200);
  expect(record.corrections.at(-1)?.header.endsWith('299')).toBe(true);
});
