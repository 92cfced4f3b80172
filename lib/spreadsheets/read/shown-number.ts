import { type DigitMask, digitMask } from './digit-mask.ts';

// A workbook has a few dozen formats; one that made up thousands is not worth keeping them.
const MAX_KNOWN = 1_000;
const known = new Map<string, DigitMask | null>();

/**
 * A number as its format shows it, where the format makes a name of it rather than an amount: `00000` shows 2494
 * as `02494`. Null for every other format and number. For readers that meet a format's code with each cell.
 */
export function shownText(code: string, value: number): string | null {
  let mask = known.get(code);
  if (mask === undefined) {
    mask = digitMask(code);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(code, mask);
  }
  return mask === null ? null : mask(value);
}
