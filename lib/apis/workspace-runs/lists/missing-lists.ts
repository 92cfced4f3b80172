import type { Configuration } from '../../../spreadsheets/configuration.ts';
import { listUses } from '../../../spreadsheets/lists/lists-named.ts';
import { nearestName } from '../../../spreadsheets/words/suggest.ts';
import { dottedPath } from '../../operation/schema-issues.ts';
import type { Platform } from '../../platform.ts';
import { allLists } from './store-list.ts';

/** What is wrong with the lists that a configuration names: those that its workspace does not have. */
export async function missingLists(
  platform: Pick<Platform, 'lists'>,
  workspaceId: string,
  { fields }: Configuration,
): Promise<{ path: string; message: string; code: string }[]> {
  const uses = listUses(fields);
  if (uses.length === 0) return [];
  const known = (await allLists(platform, workspaceId)).map(({ id }) => id);
  return uses
    .filter(({ list }) => !known.includes(list))
    .map(({ list, path }) => {
      const near = nearestName(list, known);
      const what = near === undefined ? `upload it with PUT lists/${list}` : `did you mean "${near}"?`;
      const message = `There is no list "${list}" in this workspace: ${what}`;
      return { path: dottedPath(path), message, code: 'list_not_found' };
    });
}
