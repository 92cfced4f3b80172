/**
 * Looks ahead in a text for the next place of a kind, and remembers it until it was passed: whoever asks again
 * and again on the way there reads the text once, not once per question.
 */
export class Ahead {
  readonly #find: (text: string, from: number) => number;
  #text = '';
  #from = 0;
  #at = -1;

  /** `find` gives the first place at or behind `from`, -1 where there is none. */
  constructor(find: (text: string, from: number) => number) {
    this.#find = find;
  }

  /** The first place at or behind `from`; -1 where there is none. */
  next(text: string, from: number): number {
    const known = text === this.#text && from >= this.#from && (this.#at < 0 || from <= this.#at);
    // Another text may be equal to the last one, as rows repeat, and comparing the two takes as long as it is.
    this.#text = text;
    if (!known) {
      this.#from = from;
      this.#at = this.#find(text, from);
    }
    return this.#at;
  }
}
