import { v7 as uuid } from 'uuid';
import type { Dice } from '../support/nasty.ts';

/**
 * Ids as a process makes them, from its own clock in milliseconds since 1970. As long as it lives they ascend,
 * though its clock is set back; a process that starts then begins before those of the one before it.
 */
export function idsOf(dice: Dice, now: () => number): () => string {
  let msecs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  return () => {
    const random = Uint8Array.from({ length: 16 }, () => dice.below(256));
    const at = now();
    seq = at > msecs ? dice.below(2 ** 31) : seq + 1;
    msecs = Math.max(at, msecs);
    return uuid({ msecs, seq, random });
  };
}
