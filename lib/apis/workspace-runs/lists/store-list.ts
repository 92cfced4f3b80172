import type { ListEntry } from '../../../spreadsheets/lists/list-entries.ts';
import { ListProblem } from '../../../spreadsheets/lists/list-entries.ts';
import { readFile } from '../../files/read-file.ts';
import { conflict, invalid, notFound, Refused } from '../../operation/refusal.ts';
import type { Platform } from '../../platform.ts';
import { update } from '../../records/update.ts';
import { type ListRecord, MAX_WORKSPACE_LISTS } from './list-record.ts';

/** 100,000 values with a few synonyms each; what is made of it is held in memory beside a workbook. */
const MAX_LIST_BYTES = 8_388_608;

/** For how long what was replaced is kept, in days: longer than a run that has begun with it may take. */
const KEPT_DAYS = 1;

const JSON_TYPE = 'application/json';

type ListPlatform = Pick<Platform, 'lists' | 'files' | 'now' | 'newId'>;

/** @throws Refused 413 with both numbers. */
function assertListSize(byteSize: number, requestBytes: number): void {
  const most = Math.min(MAX_LIST_BYTES, requestBytes);
  if (byteSize <= most) return;
  const [is, may] = [byteSize, most].map((count) => count.toLocaleString('en-US'));
  const message = `A list's file has at most ${may} bytes; this one has ${is}. Part it in two lists.`;
  throw new Refused({ category: 'too_large', message });
}

/** @throws Refused 422 that says what is wrong with the file, and in which row. */
async function entriesOf(bytes: Uint8Array): Promise<ListEntry[]> {
  // Loaded when there is something to read: the readers of files are large.
  const { readList } = await import('../../../spreadsheets/lists/read-list.ts');
  try {
    return await readList(bytes);
  } catch (error) {
    if (!(error instanceof ListProblem)) throw error;
    const { message } = error;
    throw invalid(message, [{ path: 'file', message, code: 'value_error' }]);
  }
}

/**
 * Stores a list under its name, in place of the one that is there.
 * @throws Refused 409 for one list too many, 413, 422.
 */
export async function storeList(
  platform: ListPlatform & Pick<Platform, 'limits'>,
  workspaceId: string,
  name: string,
  bytes: Uint8Array,
): Promise<ListRecord> {
  assertListSize(bytes.length, platform.limits.requestBytes);
  const entries = await entriesOf(bytes);
  const fileKey = `${workspaceId}/lists/${platform.newId()}`;
  await platform.files.put(fileKey, Buffer.from(JSON.stringify(entries)), { contentType: JSON_TYPE });
  const stored = { id: name, count: entries.length, fileKey, updatedAt: platform.now().toISOString() };
  const TRIES = 5; // a lost try means that somebody has made or deleted the list meanwhile
  for (let tries = 1; tries <= TRIES; tries += 1) {
    let replaced: ListRecord | undefined;
    const record = await update(platform.lists, workspaceId, name, (standing) => {
      replaced = standing;
      return stored;
    });
    if (record !== undefined) {
      if (replaced !== undefined) await retire(platform, replaced);
      return record;
    }
    await assertRoom(platform, workspaceId, fileKey);
    const first: ListRecord = { ...stored, version: 1 };
    if (await platform.lists.insert(workspaceId, first)) return first;
  }
  throw new Error(`List ${name} changed ${TRIES} times while it was being stored`);
}

async function assertRoom(platform: ListPlatform, workspaceId: string, fileKey: string): Promise<void> {
  const { records } = await platform.lists.list(workspaceId, { limit: MAX_WORKSPACE_LISTS });
  if (records.length < MAX_WORKSPACE_LISTS) return;
  await retireFile(platform, fileKey);
  throw conflict(
    `A workspace has at most ${MAX_WORKSPACE_LISTS} lists: delete one that no configuration names.`,
  );
}

const retire = (platform: ListPlatform, { fileKey }: ListRecord): Promise<void> =>
  retireFile(platform, fileKey);

/** Runs that have begun with a list, and are repeated, read it once more: it goes a while later. */
async function retireFile({ files }: Pick<Platform, 'files'>, fileKey: string): Promise<void> {
  const bytes = await readFile(files, fileKey);
  if (bytes !== undefined)
    await files.put(fileKey, bytes, { contentType: JSON_TYPE, retentionDays: KEPT_DAYS });
}

/** @throws Refused 404. */
export async function findList(
  { lists }: Pick<Platform, 'lists'>,
  workspaceId: string,
  name: string,
): Promise<ListRecord> {
  const record = await lists.get(workspaceId, name);
  if (record === undefined) throw notFound(`List '${name}' not found`);
  return record;
}

/** @throws Refused 404. */
export async function deleteList(platform: ListPlatform, workspaceId: string, name: string): Promise<void> {
  const record = await findList(platform, workspaceId, name);
  await platform.lists.remove(workspaceId, name);
  await retire(platform, record);
}

/** Every list of a workspace, by name. */
export async function allLists(
  { lists }: Pick<Platform, 'lists'>,
  workspaceId: string,
): Promise<ListRecord[]> {
  const { records } = await lists.list(workspaceId, { limit: MAX_WORKSPACE_LISTS, order: 'oldestFirst' });
  return records;
}
