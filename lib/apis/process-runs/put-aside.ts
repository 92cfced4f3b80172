import type { Run } from '../../runs/run.ts';
import { outputClass } from '../files/kept-for.ts';
import type { FileStore } from '../files/ports.ts';

/** JSON of more bytes is kept in the file store instead of the run's record, and passed on by reference. */
const MAX_INLINE_BYTES = 4096;

/** The run whose inputs or outputs they are. */
export type Owner = Pick<Run, 'id' | 'workspaceId' | 'retention'>;

/** Puts a value aside that is too large for its run's record, and says where; undefined when it is not. */
export async function putAside(
  files: Pick<FileStore, 'put'>,
  run: Owner,
  name: 'inputs' | 'outputs',
  value: unknown,
): Promise<string | undefined> {
  const json = Buffer.from(JSON.stringify(value ?? null));
  if (json.length <= MAX_INLINE_BYTES) return undefined;
  const key = `${run.workspaceId}/runs/${run.id}/${name}.json`;
  await files.put(key, json, { contentType: 'application/json', retentionDays: outputClass(run) });
  return key;
}
