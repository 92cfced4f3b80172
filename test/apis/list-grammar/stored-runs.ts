import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { createTableInput } from '../../../lib/adapters/aws/dynamo/create-table.ts';
import { dynamoStores } from '../../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { runKey } from '../../../lib/adapters/aws/dynamo/keys.ts';
import { EMBEDDED_CREDENTIALS } from '../../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { startEmbeddedDynamo } from '../../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { listParams } from '../../../lib/apis/list-grammar/params.ts';
import { mapConcurrently } from '../../../lib/apis/records/map-concurrently.ts';
import { listDocumentRuns } from '../../../lib/apis/workspace-runs/run-list.ts';
import { type Run, refOf } from '../../../lib/runs/run.ts';

const Query = z.strictObject(listParams);
export const NOW = new Date('2026-05-15T12:00:00.000Z');

/** The list of runs on the real store, in memory, and what it reads. */
export async function openRunList() {
  const database = await startEmbeddedDynamo({ tables: [createTableInput('runs')] });
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS }),
  );
  const reads = { requests: 0, items: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { Items = [], Responses = {} } = answer.output as {
        Items?: unknown[];
        Responses?: Record<string, unknown[]>;
      };
      reads.requests += 1;
      reads.items += Items.length + Object.values(Responses).flat().length;
      return answer;
    },
    { step: 'initialize', name: 'reads' },
  );
  const stores = dynamoStores(client, 'runs');
  const platform = { ...stores, now: () => NOW };
  return {
    ...stores,
    reads,
    insertAll: async (runs: readonly Run[]) => {
      await mapConcurrently(runs, 20, (run) => stores.runs.insert(run));
    },
    /** Many runs like one, made a second apart and later than it; much faster than one insert each. */
    async copy(run: Run, count: number): Promise<void> {
      await stores.runs.insert(run);
      const { Item } = await client.send(new GetCommand({ TableName: 'runs', Key: runKey(refOf(run)) }));
      const first = Date.parse(run.createdAt);
      const puts = Array.from({ length: count }, (_, index) => {
        const msecs = first + (index + 1) * 1000;
        const copy = { ...Item, sk: uuid({ msecs }), createdAt: new Date(msecs).toISOString() };
        return { PutRequest: { Item: copy } };
      });
      const batches = Array.from({ length: Math.ceil(count / 25) }, (_, at) =>
        puts.slice(at * 25, at * 25 + 25),
      );
      await mapConcurrently(batches, 8, (batch) =>
        client.send(new BatchWriteCommand({ RequestItems: { runs: batch } })),
      );
    },
    list: (workspaceId: string, query: Record<string, string> = {}) =>
      listDocumentRuns(platform, workspaceId, Query.parse(query)),
    close: async () => {
      client.destroy();
      await database.close();
    },
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
