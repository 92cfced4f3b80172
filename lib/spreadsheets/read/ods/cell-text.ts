import { tooLarge } from '../../failure.ts';

// A cell can ask for far more spaces than it has bytes.
const MAX_HELD_CHARACTERS = 32_000_000;

/** What a paragraph of a cell may hold that is no part of its text. */
export const ASIDE =
  /^(?:office:annotation|office:annotation-end|office:event-listeners|text:note|text:ruby-text|text:tracked-changes|draw:.*|dr3d:.*|table:detective|table:dde-links)$/;

const WHITE = /[ \t\r\n]+/g;

/**
 * The text of a cell, put together as the format wants it: paragraphs are lines, any white space between words
 * is one space, and what is to be more than that is written as elements.
 */
export class CellText {
  #lines: string[] = [];
  #line = '';
  #open = 0;
  /** White space that was written as elements, in this cell. */
  #characters = 0;
  // A space here would not be shown: at the start of a line, or after another one.
  #afterSpace = true;

  get isOpen(): boolean {
    return this.#open > 0;
  }

  /** The text so far; null where there is no paragraph at all. */
  get value(): string | null {
    return this.#lines.length === 0 ? null : this.#lines.join('\n');
  }

  reset(): void {
    this.#lines = [];
    this.#open = 0;
    this.#characters = 0;
  }

  openParagraph(): void {
    if (this.#open++ > 0) return;
    this.#line = '';
    this.#afterSpace = true;
  }

  closeParagraph(): void {
    if (this.#open > 0 && --this.#open === 0) this.#lines.push(this.#line);
  }

  emptyParagraph(): void {
    if (this.#open === 0) this.#lines.push('');
  }

  add(text: string): void {
    let plain = text.replace(WHITE, ' ');
    if (this.#afterSpace && plain.startsWith(' ')) plain = plain.slice(1);
    if (plain === '') return;
    this.#line += plain;
    this.#afterSpace = plain.endsWith(' ');
  }

  /** White space that is to stay as it is. */
  addAsIs(text: string): void {
    this.#characters += text.length;
    if (this.#characters > MAX_HELD_CHARACTERS) throw tooLarge('A single text of the workbook is too long.');
    this.#line += text;
    this.#afterSpace = false;
  }
}
