import type { Plant } from './world.ts';

/** Faults that are planted on purpose, and mends that are taken out, by name. */
export const PLANTS: { readonly [name: string]: Plant } = {
  'fenceless-runs': { forgets: ({ pk }) => /^WS#[^#]+#document$/.test(pk) },
};
