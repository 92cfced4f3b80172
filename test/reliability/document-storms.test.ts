import { timesIn } from '../support/lane.ts';
import { describeChaos } from './chaos.ts';
import { documentJourney } from './document-journey.ts';

describeChaos('document runs', {
  file: 'document-storms.test.ts',
  journeys: { 'one document': documentJourney(), 'a batch of two': documentJourney(true) },
  cancelled: { journey: documentJourney(), lasts: 200 },
  schedules: timesIn({ change: 40, long: 150 }),
});
