import { describe } from 'vitest';
import { IS_LONG } from '../support/lane.ts';
import { describeDynamo } from './dynamo.ts';
import { startEmbedded, startEmbeddedServer } from './dynamo-databases.ts';

// It does not count what writing an index costs.
describeDynamo('the embedded database', startEmbedded, { countsIndexes: false });

describe.runIf(IS_LONG)('over HTTP', () => {
  describeDynamo('the embedded database', startEmbeddedServer, { countsIndexes: false });
});
