import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { dynamoStores } from '../../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { runKey } from '../../../lib/adapters/aws/dynamo/keys.ts';
import { listParams } from '../../../lib/apis/list-grammar/params.ts';
import { mapConcurrently } from '../../../lib/apis/records/map-concurrently.ts';
import { listDocumentRuns } from '../../../lib/apis/workspace-runs/run-list.ts';
import { type Run, refOf } from '../../../lib/runs/run.ts';
import { openTable } from '../../support/table.ts';

const Query = z.strictObject(listParams);
export const NOW = new Date('2026-05-15T12:00:00.000Z');

/** The list of runs on the stores of DynamoDB, and what it reads. */
export async function openRunList() {
  const { client, close } = await openTable('runs');
  const answerOf = client.send.bind(client) as (command: unknown) => Promise<Record<string, unknown>>;
  const reads = { requests: 0, items: 0 };
  const send = async (command: unknown): Promise<unknown> => {
    const answer = await answerOf(command);
    const { Items = [], Responses = {} } = answer as {
      Items?: unknown[];
      Responses?: Record<string, unknown[]>;
    };
    reads.requests += 1;
    reads.items += Items.length + Object.values(Responses).flat().length;
    return answer;
  };
  Object.assign(client, { send });
  const stores = dynamoStores(client, 'runs');
  const platform = { ...stores, now: () => NOW };
  return {
    ...stores,
    reads,
    insertAll: async (runs: readonly Run[]) => {
      await mapConcurrently(runs, 20, (run) => stores.runs.insert(run));
    },
    /** Many runs like one, made a second apart and later than it. */
    async copy(run: Run, count: number): Promise<void> {
      await stores.runs.insert(run);
      const { Item } = await client.send(new GetCommand({ TableName: 'runs', Key: runKey(refOf(run)) }));
      const first = Date.parse(run.createdAt);
      const copies = Array.from({ length: count }, (_, index) => {
        const msecs = first + (index + 1) * 1000;
        return { ...Item, sk: uuid({ msecs }), createdAt: new Date(msecs).toISOString() };
      });
      await mapConcurrently(copies, 20, (copy) =>
        client.send(new PutCommand({ TableName: 'runs', Item: copy })),
      );
    },
    list: (workspaceId: string, query: Record<string, string> = {}) =>
      listDocumentRuns(platform, workspaceId, Query.parse(query)),
    close,
  };
}
export type RunList = Awaited<ReturnType<typeof openRunList>>;

/** Every item of a list, page by page. */
export async function everyPage(
  list: RunList['list'],
  workspaceId: string,
  query: Record<string, string>,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(workspaceId, { ...query, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.meta.nextCursor;
  } while (cursor !== undefined);
  return ids;
}
