import { v7 as uuid } from 'uuid';
import { dynamoStores } from '../../../lib/adapters/aws/dynamo/dynamo-stores.ts';
import { NO_TOKENS } from '../../../lib/apis/workspaces/tokens.ts';
import { openTable } from '../../support/table.ts';

/** Records on the stores of DynamoDB, with a clock that the test moves. Each call of `fresh` is another process. */
export async function openRecords() {
  const { client, close } = await openTable('records');
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const fresh = () => ({
    ...dynamoStores(client, 'records'),
    now: () => new Date(now),
    newId: () => uuid(),
    tokens: NO_TOKENS,
    corsOrigins: [],
    limits: { requestBytes: 4_000_000 },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return {
    fresh,
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
    close,
  };
}

export type Records = Awaited<ReturnType<typeof openRecords>>;
