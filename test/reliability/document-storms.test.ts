import { IS_LONG, timesIn } from '../support/lane.ts';
import { describeChaos } from './chaos.ts';
import { documentJourney } from './document-journey.ts';

const one = documentJourney();
const batch = documentJourney(true);

describeChaos('document runs', {
  file: 'document-storms.test.ts',
  // Twice as many requests, each with every fault: storms meet the batch for a change, too.
  journeys: { 'one document': one, ...(IS_LONG ? { 'a batch of two': batch } : {}) },
  stormy: [one, batch],
  cancelled: { journey: one, lasts: 200 },
  schedules: timesIn({ change: 40, long: 150 }),
});
