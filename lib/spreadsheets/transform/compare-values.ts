import { type PlainValue, textOf } from '../cells.ts';
import { parseNumber } from './parse-value.ts';

export type Operator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';

type Known = Exclude<PlainValue, null>;

/** A number on whose line a value stands: numbers and numbers as texts on one, moments on another. */
function place(value: Known): { line: 'number' | 'moment' | 'length' | 'clock'; at: number } | null {
  if (typeof value === 'number') return { line: 'number', at: value };
  if (typeof value === 'boolean') return null;
  if (typeof value === 'string') {
    const number = parseNumber(value, '.');
    return number === null ? null : { line: 'number', at: number };
  }
  if (value.kind === 'time') return { line: 'clock', at: value.ms };
  return { line: value.kind === 'duration' ? 'length' : 'moment', at: value.ms };
}

/** Less than zero, zero or more, as of two numbers; null where two values cannot be compared. */
function order(a: Known, b: Known): number | null {
  const one = place(a);
  const other = place(b);
  if (one !== null && other !== null) return one.line === other.line ? one.at - other.at : null;
  if (one !== null || other !== null || typeof a !== 'string' || typeof b !== 'string') return null;
  const [first, second] = [a.trim(), b.trim()];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Whether one value stands to another as it should; values of different kinds only can be unequal. */
export function compares(a: Known, operator: Operator, b: Known): boolean {
  const difference = order(a, b);
  if (operator === 'eq' || operator === 'ne') {
    const same = difference === null ? textOf(a).trim() === textOf(b).trim() : difference === 0;
    return same === (operator === 'eq');
  }
  if (difference === null) return false;
  if (operator === 'lt') return difference < 0;
  if (operator === 'lte') return difference <= 0;
  return operator === 'gt' ? difference > 0 : difference >= 0;
}
