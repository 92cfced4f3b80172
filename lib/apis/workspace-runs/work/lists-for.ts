import * as z from 'zod';
import type { RunningRun } from '../../../runs/run.ts';
// Not the room's index: whoever opens lists has not always use for the engine.
import type { Configuration } from '../../../spreadsheets/configuration.ts';
import { ListEntry } from '../../../spreadsheets/lists/list-entries.ts';
import { listsNamed } from '../../../spreadsheets/lists/lists-named.ts';
import { ValueList } from '../../../spreadsheets/lists/value-list.ts';
import { reportClass } from '../../files/kept-for.ts';
import { readJson } from '../../files/read-file.ts';
import type { WorkerPlatform } from '../../platform.ts';
import { runFiles } from '../document-run.ts';

const Entries = z.array(ListEntry);

/** By a list's name, the file of the version that a run goes by. */
const Versions = z.record(z.string(), z.string());

/**
 * The lists that a configuration names, as they were when the run began: its first attempt keeps which files it
 * went by, so that a later one reads the same. Those that are not there are left out.
 */
export async function listsFor(
  platform: Pick<WorkerPlatform, 'lists' | 'files'>,
  run: RunningRun,
  { fields }: Configuration,
): Promise<ReadonlyMap<string, ValueList>> {
  const names = listsNamed(fields);
  if (names.length === 0) return new Map();
  return await opened(platform, await versionsFor(platform, run, names));
}

/** The lists that a configuration names, as they are. */
export async function listsNow(
  platform: Pick<WorkerPlatform, 'lists' | 'files'>,
  workspaceId: string,
  { fields }: Configuration,
): Promise<ReadonlyMap<string, ValueList>> {
  const names = listsNamed(fields);
  if (names.length === 0) return new Map();
  return await opened(platform, await versionsNow(platform, workspaceId, names));
}

async function opened(
  { files }: Pick<WorkerPlatform, 'files'>,
  versions: z.infer<typeof Versions>,
): Promise<ReadonlyMap<string, ValueList>> {
  const lists = new Map<string, ValueList>();
  for (const [name, fileKey] of Object.entries(versions)) {
    const entries = await readJson(files, fileKey);
    if (entries !== undefined) lists.set(name, new ValueList(Entries.parse(entries)));
  }
  return lists;
}

async function versionsNow(
  platform: Pick<WorkerPlatform, 'lists'>,
  workspaceId: string,
  names: readonly string[],
): Promise<z.infer<typeof Versions>> {
  const records = await platform.lists.getMany(workspaceId, names);
  return Object.fromEntries(records.map(({ id, fileKey }) => [id, fileKey]));
}

async function versionsFor(
  platform: Pick<WorkerPlatform, 'lists' | 'files'>,
  run: RunningRun,
  names: readonly string[],
): Promise<z.infer<typeof Versions>> {
  const key = `${runFiles(run)}/lists.json`;
  const kept = run.attempt > 1 ? await readJson(platform.files, key) : undefined;
  if (kept !== undefined) return Versions.parse(kept);
  const versions = await versionsNow(platform, run.workspaceId, names);
  await platform.files.put(key, Buffer.from(JSON.stringify(versions)), {
    contentType: 'application/json',
    retentionDays: reportClass(run),
  });
  return versions;
}
