import { describeDynamo } from './dynamo.ts';
import { startEmbedded } from './dynamo-databases.ts';

// It does not count what writing an index costs.
describeDynamo('the embedded database', startEmbedded, { countsIndexes: false });
