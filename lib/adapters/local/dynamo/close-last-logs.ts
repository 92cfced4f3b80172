import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { closeLog } from '../../../runs/close-log.ts';
import type { RunPlatform } from '../../../runs/ports.ts';
import { Instant, isOpen, RUN_KINDS, type RunRef } from '../../../runs/run.ts';
import { refOfRunKey } from '../../aws/dynamo/keys.ts';
import { TABLE } from '../../aws/dynamo/table.ts';

/** Runs that are looked at. A platform is killed at one moment: far fewer can have been between end and last line. */
const MOST_UNCLOSED = 200;

/**
 * Writes the last line of logs that lack it, of the runs that ended last. What was killed on a laptop has lost the
 * events that would have come after their ends.
 */
export async function closeLastLogs(
  platform: Pick<RunPlatform, 'runs' | 'log' | 'now'>,
  client: DynamoDBDocumentClient,
  tableName: string,
): Promise<void> {
  for (const ref of await lastEnded(client, tableName)) {
    const run = await platform.runs.get(ref);
    if (run !== undefined && !isOpen(run)) await closeLog(platform, run);
  }
}

async function lastEnded(client: DynamoDBDocumentClient, tableName: string): Promise<RunRef[]> {
  const { partition, sort } = TABLE.key;
  let latest: { completedAt: string; ref: RunRef }[] = [];
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      ProjectionExpression: '#pk, #sk, completedAt',
      FilterExpression: 'attribute_exists(completedAt)',
      ExpressionAttributeNames: { '#pk': partition, '#sk': sort },
    },
  );
  for await (const { Items = [] } of pages) {
    const found = Items.flatMap((item) => {
      const { kind: named, ...key } = refOfRunKey({ pk: String(item[partition]), sk: String(item[sort]) });
      const kind = RUN_KINDS.find((known) => known === named);
      const completedAt = Instant.parse(item.completedAt);
      return kind === undefined ? [] : [{ completedAt, ref: { ...key, kind } }];
    });
    latest = [...latest, ...found]
      .toSorted((one, other) => (one.completedAt > other.completedAt ? -1 : 1))
      .slice(0, MOST_UNCLOSED);
  }
  return latest.map(({ ref }) => ref);
}
