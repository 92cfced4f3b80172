import type { RunningRun } from '../../../runs/run.ts';
// Not the room's index: a trial reads the engine only when it needs it.
import { isNothing, Taught } from '../../../spreadsheets/map/taught.ts';
import { reportClass } from '../../files/kept-for.ts';
import { readJson } from '../../files/read-file.ts';
import type { WorkerPlatform } from '../../platform.ts';
import { type DocumentRunInput, runFiles } from '../document-run.ts';

/** What a run goes by that people have taught, and where that is kept; nothing is kept nowhere. */
export interface RunTaught {
  taught: Taught;
  taughtKey: string | undefined;
}

/**
 * The first attempt reads what was learned and said of the document, and keeps it with the run, so that a later one
 * goes by the same. One that finds nothing kept leaves out what was said since the run began: the first attempt
 * either found nothing, or broke off before it had read.
 */
export async function taughtFor(
  platform: Pick<WorkerPlatform, 'learned' | 'corrections' | 'files'>,
  run: RunningRun,
  { configurationId, document }: Pick<DocumentRunInput, 'configurationId' | 'document'>,
): Promise<RunTaught> {
  const key = `${runFiles(run)}/taught.json`;
  const isRetry = run.attempt > 1;
  const kept = isRetry ? await readJson(platform.files, key) : undefined;
  if (kept !== undefined) return { taught: Taught.parse(kept), taughtKey: key };
  const wasThere = (at: string): boolean => !isRetry || at <= run.startedAt;
  const taught = await taughtNow(platform, { ...run, configurationId, documentId: document?.id }, wasThere);
  if (isNothing(taught)) return { taught, taughtKey: undefined };
  await platform.files.put(key, Buffer.from(JSON.stringify(taught)), {
    contentType: 'application/json',
    retentionDays: reportClass(run),
  });
  return { taught, taughtKey: key };
}

/** What a run of this document by this configuration goes by, of what was said at a time that counts. */
export async function taughtNow(
  platform: Pick<WorkerPlatform, 'learned' | 'corrections'>,
  of: { workspaceId: string; configurationId: string; documentId: string | undefined },
  counts: (saidAt: string) => boolean = () => true,
): Promise<Taught> {
  const { workspaceId, configurationId, documentId } = of;
  const [learned, said] = await Promise.all([
    platform.learned.get(workspaceId, configurationId),
    documentId === undefined ? undefined : platform.corrections.get(workspaceId, documentId),
  ]);
  return Taught.parse({
    headers: learned?.headers.filter(({ last }) => counts(last)) ?? [],
    values: learned?.values.filter(({ last }) => counts(last)) ?? [],
    corrections: said?.corrections.filter(({ at }) => counts(at)) ?? [],
  });
}
