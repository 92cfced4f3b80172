import { type CellValue, DAY_MS, isBlank, textOf } from '../cells.ts';
import { hasChecksum } from '../transform/checksums.ts';
import { writtenBoolean } from '../transform/reading/boolean-text.ts';
import { ColumnEvidence } from '../transform/reading/column-evidence.ts';
import { writtenDate } from '../transform/reading/date-text.ts';
import { numberOf, writtenNumber } from '../transform/reading/number-text.ts';

/** More different values than this are no list of choices. */
const MAX_CHOICES = 50;
/** Beyond so many different values nobody remembers whether each is there once. */
const MAX_REMEMBERED = 200_000;
/** More shapes than this say that there is none. */
const MAX_SHAPES = 20;

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$/;
const IBAN = /^[A-Z]{2}\d{2}[ ]?[A-Z0-9][A-Z0-9 ]{9,38}$/i;
/** Figures with what telephone numbers have between them, 7 to 15 of them (ITU-T E.164), an extension behind. */
const PHONE =
  /^[+(]?[\d\u0660-\u0669\u06f0-\u06f9][\d\u0660-\u0669\u06f0-\u06f9\s()./\-‑–]*(?:\s?(?:x|ext\.?|app\.?|int\.?)\s?\d{1,6})?$/i;
const CLEAR_PHONE = /^(?:\+\d|00\d|\(\d{2,4}\)\s?\d|\d{3}[-.\s]\d{3}[-.\s]\d{4}$|0\d{1,4}[\s/-]\d)/;
const FIGURES = /\p{Nd}/gu;
const LEADING_ZERO = /^0\d+$/;
const CURRENCY = /[€$£¥₹₺₽₩₴₫₪]|\b[A-Z]{3}\b|\bz[łl]\b|\bkr\b/iu;
const PERCENT = /^\s*[%‰٪]|[%‰٪]\s*$/;

/** Letters that are yes or no in one language and something else in the next: women and men, east and west. */
const DOUBTFUL = /^[a-z]$/i;
/** What people write for a value that they do not have: it speaks for no type. */
const PLACEHOLDER =
  /^(?:[?？\-–—_.…/]{1,3}|n\/?a|n\.\s?a\.|n\/?d|n\.\s?d\.|nan|null|none|nil|tbd|tba|k\.?\s?a\.?|unknown|unbekannt|inconnu|desconocido|sconosciuto|desconhecido|bilinmiyor|неизвестно|нет данных|غير معروف|未知|暂无|不明|不详|なし)$/iu;

const figuresIn = (text: string): number => text.match(FIGURES)?.length ?? 0;

/** `B-2024-0017` is `A-9999-9999`: letters and figures by their kind, everything else as it is. */
const shapeOf = (text: string): string =>
  text
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}|\p{Lo}/gu, 'a')
    .replace(/\p{Nd}/gu, '9');

/** What the values of a column are, counted while they go by. */
export class ColumnFacts {
  rows = 0;
  filled = 0;
  /** Of the filled ones that were looked at closely. */
  seen = 0;
  numbers = 0;
  integers = 0;
  dates = 0;
  nativeDates = 0;
  clocks = 0;
  booleans = 0;
  /** Of those, where all of them say the same by one letter, nobody knows that they say yes or no. */
  hasYes = false;
  hasNo = false;
  hasClearAnswer = false;
  /** Signs for a value that is not there. */
  placeholders = 0;
  zeroOrOne = 0;
  emails = 0;
  ibans = 0;
  /** Written as IBANs are, whatever their check digits. */
  ibanForms = 0;
  phones = 0;
  clearPhones = 0;
  leadingZeros = 0;
  percents = 0;
  currencies = 0;
  texts = 0;
  serials = 0;
  /** How many figures numbers have that are written without any sign; 0 where they differ. */
  figures: number | undefined;
  isSequence = true;
  isUnique = true;
  readonly evidence = new ColumnEvidence();
  /** Undefined where there are too many. */
  choices: Map<string, number> | undefined = new Map();
  shapes: Map<string, number> | undefined = new Map();
  firstUnread: string | null = null;
  readonly #remembered = new Set<string>();
  #start: number | undefined;

  /** Of values that are not looked at closely, only whether they are there, and there twice. */
  accept(cell: CellValue, isLookedAt: boolean): void {
    this.rows++;
    if (cell === null || isBlank(cell)) return;
    this.filled++;
    const text = textOf(cell).trim();
    this.#remember(text);
    if (!isLookedAt) return;
    if (typeof cell === 'string') this.evidence.accept(cell);
    if (typeof cell === 'string' && text.length <= 20 && PLACEHOLDER.test(text)) {
      this.placeholders++;
      return;
    }
    this.seen++;
    this.#look(cell, text);
  }

  /** Whether its values say yes or no rather than what one letter stands for elsewhere. */
  get isYesNo(): boolean {
    return this.hasClearAnswer || (this.hasYes && this.hasNo);
  }

  #remember(text: string): void {
    if (this.isUnique) {
      if (this.#remembered.has(text) || this.#remembered.size >= MAX_REMEMBERED) {
        this.isUnique = false;
        this.#remembered.clear();
      } else this.#remembered.add(text);
    }
    if (this.choices === undefined) return;
    this.choices.set(text, (this.choices.get(text) ?? 0) + 1);
    if (this.choices.size > MAX_CHOICES) this.choices = undefined;
  }

  #look(cell: Exclude<CellValue, null>, text: string): void {
    this.#shape(text);
    if (typeof cell === 'boolean') {
      this.booleans++;
      this.hasClearAnswer = true;
    } else if (typeof cell === 'number') this.#number(cell, text);
    else if (typeof cell === 'string') this.#text(text);
    else if (cell.kind === 'shown') this.#text(cell.text);
    else if (cell.kind === 'date' || cell.kind === 'datetime') {
      this.dates++;
      this.nativeDates++;
      if (cell.ms % DAY_MS !== 0) this.clocks++;
    }
  }

  #number(value: number, text: string): void {
    this.numbers++;
    if (Number.isInteger(value)) this.integers++;
    if (value === 0 || value === 1) this.zeroOrOne++;
    if (Number.isInteger(value) && value >= 20_000 && value <= 60_000) this.serials++;
    if (PHONE.test(text) && text.length >= 7) this.phones++;
    this.#figures(text, value);
  }

  #text(text: string): void {
    this.texts++;
    this.#answer(text);
    if (text === '0' || text === '1') this.zeroOrOne++;
    if (EMAIL.test(text)) this.emails++;
    if (IBAN.test(text)) {
      this.ibanForms++;
      if (hasChecksum('iban', text)) this.ibans++;
    }
    if (LEADING_ZERO.test(text)) this.leadingZeros++;
    const count = figuresIn(text);
    if (count >= 7 && count <= 17 && PHONE.test(text)) {
      this.phones++;
      if (CLEAR_PHONE.test(text)) this.clearPhones++;
    }
    const number = writtenNumber(text);
    if (number !== null) {
      this.numbers++;
      if (PERCENT.test(text)) this.percents++;
      if (CURRENCY.test(text)) this.currencies++;
      if (number.decimal === 'none' || number.decimal === 'either') this.integers++;
      if (number.decimal === 'none') this.#figures(text, numberOf(number, '.'));
      return;
    }
    const date = writtenDate(text);
    if (date === null) this.firstUnread ??= text;
    else {
      this.dates++;
      const day = date.dayFirst ?? date.monthFirst;
      if (day !== null && day.ms % DAY_MS !== 0) this.clocks++;
    }
  }

  #answer(text: string): void {
    const answer = writtenBoolean(text);
    if (answer === null) return;
    this.booleans++;
    if (answer) this.hasYes = true;
    else this.hasNo = true;
    // A mark alone says yes, and `Y` and `J` are no other thing.
    if (!DOUBTFUL.test(text) || /^[xyj]$/i.test(text)) this.hasClearAnswer = true;
  }

  #figures(text: string, value: number): void {
    const count = /^\d+$/.test(text) ? text.length : 0;
    this.figures = this.figures === undefined || this.figures === count ? count : 0;
    // Numbers that count the values: rows that are not looked at count too.
    const start = value - this.filled;
    if (this.#start !== undefined && start !== this.#start) this.isSequence = false;
    this.#start = start;
  }

  #shape(text: string): void {
    if (this.shapes === undefined) return;
    const shape = text.length > 40 ? '' : shapeOf(text);
    this.shapes.set(shape, (this.shapes.get(shape) ?? 0) + 1);
    if (this.shapes.size > MAX_SHAPES) this.shapes = undefined;
  }
}
