import { callerOf, seen } from './caller.ts';
import type { Journey } from './journeys.ts';

/** A workspace of another stage of the same account, and its owner's key. */
export interface Neighbour {
  apiKey: string;
  workspaceId: string;
}

/** What a neighbour's key and names are here: nobody's. */
export async function standApart(journey: Journey, neighbour: Neighbour): Promise<void> {
  const { call, checks, workspaceId, stage } = { ...journey, ...callerOf(journey) };
  const own = `/api/v1/workspaces/${workspaceId}`;
  const theirs = `/api/v1/workspaces/${neighbour.workspaceId}`;
  for (const [says, path] of Object.entries({ 'its own workspace': theirs, ours: own })) {
    const answer = await call('GET', `${path}/runs`, { key: neighbour.apiKey });
    checks.check(`${stage}: a neighbour's key is 401 for ${says}`, answer.status === 401, seen(answer));
  }
  const asked = await call('GET', `${theirs}/runs`);
  checks.check(
    `${stage}: a neighbour's workspace is not there`,
    [403, 404].includes(asked.status),
    seen(asked),
  );
}
