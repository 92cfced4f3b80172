import { timesIn } from '../support/lane.ts';
import { describeSchedules } from './simulated-schedules.ts';

// The other half, because files are played at the same time.
describeSchedules(5001, timesIn({ change: 25, long: 800 }));
