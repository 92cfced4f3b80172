import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createTableInput } from '../../lib/adapters/aws/dynamo/create-table.ts';
import { EMBEDDED_CREDENTIALS } from '../../lib/adapters/local/dynamo/embedded-credentials.ts';
import { type EmbeddedDynamo, startEmbeddedDynamo } from '../../lib/adapters/local/dynamo/embedded-dynamo.ts';
import { timesIn } from '../support/lane.ts';
import { agentJourney } from './agent-journey.ts';
import { again, expectNothingWrong, seedsOf, stormy, useFakeTime } from './chaos.ts';
import { documentJourney } from './document-journey.ts';
import { processJourney } from './process-journey.ts';
import { play } from './schedule.ts';
import { threadJourney } from './thread-journey.ts';
import type { Ground } from './world.ts';

/** Each takes a second or so; what they add to those in memory is the database. */
const STORMS = timesIn({ change: 1, long: 8 });
const TABLE_NAME = 'storms';

const JOURNEYS = {
  document: documentJourney(),
  process: processJourney(),
  thread: threadJourney(),
  agent: agentJourney({ stream: false, keepsContent: true }),
};

describe('storms over the embedded database', () => {
  let database: EmbeddedDynamo;
  let ground: Ground;
  // Before time is fake: the database waits until its table is there.
  beforeAll(async () => {
    database = await startEmbeddedDynamo({ tables: [createTableInput(TABLE_NAME)] });
    // A second try would wait for a clock that stands still until the first is answered.
    const options = { endpoint: database.endpoint, ...EMBEDDED_CREDENTIALS, maxAttempts: 1 };
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
    ground = { client, tableName: TABLE_NAME, setLag: () => undefined };
  });
  useFakeTime();
  afterAll(async () => {
    ground.client.destroy();
    await database.close();
  });

  it.each(Object.entries(JOURNEYS))('%s runs survive them', async (_kind, journey) => {
    for (const seed of seedsOf(STORMS)) {
      const played = await play(stormy(seed, journey, ground));
      expectNothingWrong(played, again(seed, 'database-storms.test.ts'));
    }
  });
});
