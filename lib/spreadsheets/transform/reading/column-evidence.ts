import { isCross, isMark } from './boolean-text.ts';
import { type WrittenDate, writtenDate } from './date-text.ts';
import { type DecimalSign, writtenNumber } from './number-text.ts';

/** What the texts of a column say together. */
export interface Conclusion<T> {
  readonly reading: T;
  /** Texts that could be two things; 0 where others of the column settle them. */
  readonly open: number;
  readonly example: string | null;
}

export type DayOrder = 'dmy' | 'mdy' | 'ymd';

// Longer texts are neither numbers nor dates.
const MAX_CHARACTERS = 60;
/** Days of the month that a list has at least, to be told from years. */
const MIN_DAYS = 5;
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

  /**
   * Without a vote, and of equals, it is the first; votes for both settle nothing for the others. `leaning` are
   * texts that are the first unless others show something else.
   */
  conclude<T>(first: T, second: T, leaning = 0): Conclusion<T> {
    const settled = this.isSettled || (leaning > 0 && this.second === 0);
    return {
      reading: this.second > this.first + leaning ? second : first,
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
  /** Dates with dots that could begin with the month: they tell for the day where nothing tells otherwise. */
  readonly #dotted = new Votes();
  #dottedMonths = 0;
  #hasMarks = false;
  #hasCrosses = false;
  /** Dates that could begin with a year of two figures, and others with figures that cannot. */
  readonly #years = new Votes();
  #yearsLast = 0;
  readonly #starts = new Set<number>();
  readonly #ends = new Set<number>();

  accept(text: string): void {
    if (text.length < 3) this.#mark(text.trim());
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
    this.#date(text, date);
  }

  #mark(text: string): void {
    this.#hasMarks ||= isMark(text);
    this.#hasCrosses ||= isCross(text);
  }

  /** Whether a cross says no, as it does beside other marks for yes. */
  get crossIsNo(): boolean {
    return this.#hasMarks && this.#hasCrosses;
  }

  #date(text: string, { dayFirst, monthFirst, isDotted, yearFirst, ends }: WrittenDate): void {
    if (yearFirst === undefined && dayFirst !== monthFirst) this.#yearsLast++;
    if (ends !== undefined) {
      this.#years.addOpen(text.trim());
      this.#starts.add(ends[0]);
      this.#ends.add(ends[1]);
    }
    if (dayFirst === null && monthFirst === null) return;
    if (monthFirst === null) this.#dates.first++;
    else if (dayFirst === null) {
      this.#dates.second++;
      if (isDotted) this.#dottedMonths++;
    } else if (dayFirst.ms === monthFirst.ms) return;
    else if (isDotted) this.#dotted.addOpen(text.trim());
    else this.#dates.addOpen(text.trim());
  }

  decimal(): Conclusion<DecimalSign> {
    return this.#numbers.conclude<DecimalSign>('.', ',');
  }

  /** Whether texts leave no doubt about the decimal sign. */
  get showsDecimal(): boolean {
    return this.#numbers.isSettled;
  }

  /** Whether dates with dots begin with the month: some of them can be nothing else, and most of them none. */
  get dotsBeginWithMonth(): boolean {
    return this.#dates.first === 0 && this.#dottedMonths > this.#dotted.open;
  }

  order(): Conclusion<DayOrder> {
    const { open, example } = this.#years;
    if (this.#yearsLast === 0 && this.#ends.size > this.#starts.size) {
      // Of the days in a list there are more than of the years.
      const isSure = this.#ends.size >= MIN_DAYS && this.#ends.size > 2 * this.#starts.size;
      return { reading: isSure ? 'ymd' : 'dmy', open, example };
    }
    const dotted = this.#dotted.open;
    if (this.#dottedMonths === 0 || this.#dates.first > 0) {
      return this.#dates.conclude<DayOrder>('dmy', 'mdy', dotted);
    }
    return {
      reading: this.dotsBeginWithMonth ? 'mdy' : this.#dates.conclude<DayOrder>('dmy', 'mdy', dotted).reading,
      open: dotted + this.#dates.open,
      example: this.#dotted.example ?? this.#dates.example,
    };
  }
}
