import { timesIn } from '../support/lane.ts';
import type { Dice } from '../support/nasty.ts';
import { agentJourney } from './agent-journey.ts';
import { describeChaos } from './chaos.ts';

const patience = (dice: Dice) => ({
  parts: dice.percent(30) ? dice.below(6) : Number.POSITIVE_INFINITY,
  milliseconds: dice.percent(30) ? dice.below(5000) : Number.POSITIVE_INFINITY,
});

describeChaos('agent runs', {
  file: 'agent-storms.test.ts',
  journeys: {
    'a whole answer': agentJourney({ stream: false, keepsContent: true }),
    'a whole answer that is not kept': agentJourney({ stream: false, keepsContent: false }),
    'a stream': agentJourney({ stream: true, keepsContent: false }),
  },
  stormy: [
    agentJourney({ stream: false, keepsContent: true, patience }),
    agentJourney({ stream: false, keepsContent: false, patience }),
    agentJourney({ stream: true, keepsContent: true, patience }),
  ],
  schedules: timesIn({ change: 40, long: 150 }),
});
