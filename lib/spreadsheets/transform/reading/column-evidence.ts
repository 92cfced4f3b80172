import { writtenDate } from './date-text.ts';
import { type DecimalSign, writtenNumber } from './number-text.ts';

/** What the texts of a column say together. */
export interface Conclusion<T> {
  readonly reading: T;
  /** Texts that could be two things; 0 where others of the column settle them. */
  readonly open: number;
  readonly example: string | null;
}

export type DayOrder = 'dmy' | 'mdy';

// Longer texts are neither numbers nor dates.
const MAX_CHARACTERS = 60;
const FIGURE = /\p{Nd}/u;

/** Counts of texts that show one thing, the other, or could be both. */
class Votes {
  first = 0;
  second = 0;
  open = 0;
  example: string | null = null;

  addOpen(text: string): void {
    this.open++;
    this.example ??= text;
  }

  /** Whether some texts can be one thing only, and all of them the same. */
  get isSettled(): boolean {
    return this.first > 0 !== this.second > 0;
  }

  /** Without a vote, and of equals, it is the first; votes for both settle nothing for the others. */
  conclude<T>(first: T, second: T): Conclusion<T> {
    const settled = this.isSettled;
    return {
      reading: this.second > this.first ? second : first,
      open: settled ? 0 : this.open,
      example: settled ? null : this.example,
    };
  }
}

/**
 * How a column writes its numbers and dates, gathered from all its texts while they go by: `1.234,5` shows that
 * the comma is the decimal sign, `13/04/2024` that the day stands first.
 */
export class ColumnEvidence {
  readonly #numbers = new Votes();
  readonly #dates = new Votes();

  accept(text: string): void {
    if (text.length > MAX_CHARACTERS || !FIGURE.test(text)) return;
    const number = writtenNumber(text);
    if (number !== null) {
      if (number.decimal === '.') this.#numbers.first++;
      else if (number.decimal === ',') this.#numbers.second++;
      else if (number.decimal === 'either') this.#numbers.addOpen(text.trim());
      return;
    }
    const date = writtenDate(text);
    if (date === null) return;
    const { dayFirst, monthFirst } = date;
    if (monthFirst === null) this.#dates.first++;
    else if (dayFirst === null) this.#dates.second++;
    else if (dayFirst.ms !== monthFirst.ms) this.#dates.addOpen(text.trim());
  }

  decimal(): Conclusion<DecimalSign> {
    return this.#numbers.conclude<DecimalSign>('.', ',');
  }

  /** Whether texts leave no doubt about the decimal sign. */
  get showsDecimal(): boolean {
    return this.#numbers.isSettled;
  }

  order(): Conclusion<DayOrder> {
    return this.#dates.conclude<DayOrder>('dmy', 'mdy');
  }
}
