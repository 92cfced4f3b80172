import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListRecord } from '../../../lib/apis/workspace-runs/lists/list-record.ts';
import { deleteList, storeList } from '../../../lib/apis/workspace-runs/lists/store-list.ts';
import { listsFor } from '../../../lib/apis/workspace-runs/work/lists-for.ts';
import { refOf } from '../../../lib/runs/run.ts';
import { claimRun, startRun } from '../../../lib/runs/service.ts';
import { Configuration } from '../../../lib/spreadsheets/index.ts';
import { MemoryFiles } from '../../reliability/memory-files.ts';
import { A_WORKSPACE } from '../../support/builders.ts';
import { openTestRuns, type TestRuns } from '../../support/run-platform.ts';

let runs: TestRuns;
let platform: TestRuns & { files: MemoryFiles; limits: { requestBytes: number } };
beforeEach(async () => {
  runs = await openTestRuns();
  platform = { ...runs, files: new MemoryFiles(), limits: { requestBytes: 4_000_000 } };
});
afterEach(() => runs.close());

const configuration = (...names: string[]) =>
  Configuration.parse({
    fields: names.map((list, no) => ({ name: `f${no}`, validators: [{ reference: { list } }] })),
  });
const store = (name: string, text: string): Promise<ListRecord> =>
  storeList(platform, A_WORKSPACE, name, Buffer.from(text));
const aRun = () =>
  startRun(runs, {
    ...{ kind: 'document', workspaceId: A_WORKSPACE, parentId: uuid() },
    input: { operation: 'process', configurationId: uuid() },
  });

describe('every attempt of a run goes by the same lists', () => {
  it('by those that were there when it began, though one was replaced and one deleted meanwhile', async () => {
    await store('one', 'a\n');
    await store('two', 'b\n');
    const run = await aRun();
    const of = configuration('one', 'two');
    await listsFor(platform, await claimRun(runs, refOf(run), 0), of);
    await store('one', 'c\n');
    await deleteList(platform, A_WORKSPACE, 'two');

    const second = await listsFor(platform, await claimRun(runs, refOf(run), 1), of);
    const next = await listsFor(platform, await claimRun(runs, refOf(await aRun()), 0), of);

    expect([second.get('one')?.find('a'), second.get('two')?.find('b')]).toEqual(['a', 'b']);
    expect([next.get('one')?.find('c'), next.has('two')]).toEqual(['c', false]);
  });

  it('and keeps no file where it names none', async () => {
    expect(await listsFor(platform, await claimRun(runs, refOf(await aRun()), 0), configuration())).toEqual(
      new Map(),
    );
    expect([...platform.files.kept.keys()]).toEqual([]);
  });
});
