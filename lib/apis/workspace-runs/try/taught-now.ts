import { Taught } from '../../../spreadsheets/map/taught.ts';
import type { Platform } from '../../platform.ts';

/** What a run of this document by this configuration would go by if it began now: see `work/taught-for.ts`. */
export async function taughtNow(
  platform: Pick<Platform, 'corrections' | 'learned'>,
  workspaceId: string,
  configurationId: string,
  documentId: string,
): Promise<Taught> {
  const [learned, said] = await Promise.all([
    platform.learned.get(workspaceId, configurationId),
    platform.corrections.get(workspaceId, documentId),
  ]);
  return Taught.parse({
    headers: learned?.headers ?? [],
    values: learned?.values ?? [],
    corrections: said?.corrections ?? [],
  });
}
