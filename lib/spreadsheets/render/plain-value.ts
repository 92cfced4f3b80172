import { type CellValue, type PlainValue, textOf } from '../cells.ts';
import type { ColumnPlan } from './render-plan.ts';

/** A cell as its column takes it: text in a mixed column, and a shown number as what its field wants. */
export function plainValue(
  source: Exclude<CellValue, null>,
  { asText, asNumber }: Pick<ColumnPlan, 'asText' | 'asNumber'>,
): Exclude<PlainValue, null> {
  const value =
    typeof source === 'object' && source.kind === 'shown' ? (asNumber ? source.value : source.text) : source;
  return asText ? textOf(value) : value;
}
