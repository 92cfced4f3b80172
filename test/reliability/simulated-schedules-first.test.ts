import { timesIn } from '../support/lane.ts';
import { describeSchedules } from './simulated-schedules.ts';

describeSchedules(1, timesIn({ change: 25, long: 2000 }));
