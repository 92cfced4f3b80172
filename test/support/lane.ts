/** `npm run test:long` says so: there is time for what a change need not wait for. */
export const IS_LONG = process.env.RUNPLANE_LONG === 'true';

/** How often something random or exhaustive is tried: for a change, and in the long lane. */
export const timesIn = (times: { change: number; long: number }): number =>
  IS_LONG ? times.long : times.change;
