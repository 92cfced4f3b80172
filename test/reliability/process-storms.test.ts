import { timesIn } from '../support/lane.ts';
import { describeChaos } from './chaos.ts';
import { processJourney } from './process-journey.ts';

describeChaos('process runs', {
  file: 'process-storms.test.ts',
  journeys: { 'small inputs': processJourney(), 'large inputs': processJourney(true) },
  cancelled: { journey: processJourney(), lasts: 100_000 },
  schedules: timesIn({ change: 40, long: 150 }),
});
