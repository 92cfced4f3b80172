import { timesIn } from '../support/lane.ts';
import { describeChaos } from './chaos.ts';
import { threadJourney } from './thread-journey.ts';

describeChaos('thread runs', {
  file: 'thread-storms.test.ts',
  journeys: { 'one thread': threadJourney() },
  cancelled: { journey: threadJourney(), lasts: 120 },
  schedules: timesIn({ change: 40, long: 300 }),
});
