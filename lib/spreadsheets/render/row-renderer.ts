import { isBlank, type PlainValue } from '../cells.ts';
import type { Cells } from '../detect/row-scan.ts';
import type { SheetIssues } from '../report/issue-tally.ts';
import { Unreadable } from '../transform/reading/typed-reader.ts';
import { type Issue, messageOf, type RowValues } from '../transform/validators.ts';
import type { SheetWriter } from '../write/workbook-writer.ts';
import { plainValue } from './plain-value.ts';
import type { ColumnPlan, RenderPlan } from './render-plan.ts';

/** First values of a column before and after its transforms, for the log. */
export interface TransformSample {
  readonly before: PlainValue[];
  readonly after: PlainValue[];
}

// How many values of a column the log shows.
const SAMPLE_ROWS = 3;
const NO_ISSUES: readonly Issue[] = [];
const UNNOTED: SheetIssues = { note: () => undefined };

/** What becomes of a cell that could not be read. */
const keptOf = ({ value }: Unreadable, { onUnreadable }: Pick<ColumnPlan, 'onUnreadable'>): PlainValue =>
  onUnreadable === 'blank' ? null : value;

/** Writes rows of data: each cell made text where its column is mixed, read, checked and put in place. */
export class RowRenderer {
  readonly #plan: RenderPlan;
  readonly #writer: SheetWriter;
  readonly #noted: SheetIssues;
  // Of the current row, by the plan's watched fields.
  readonly #values: PlainValue[];
  readonly #unread: (Exclude<PlainValue, null> | undefined)[];
  readonly #row: RowValues;
  /** What rules see of the row: a value that cannot be read is none to them. */
  readonly #readRow: RowValues;
  readonly #ascending: boolean;
  readonly #invalid = new Map<string, number>();
  #issues = 0;
  #rows = 0;
  /** Filled only when the log wants samples: by field. */
  readonly samples: Map<string, TransformSample> | undefined;

  constructor(plan: RenderPlan, writer: SheetWriter, sampling: boolean, noted: SheetIssues = UNNOTED) {
    this.#plan = plan;
    this.#writer = writer;
    this.#noted = noted;
    this.#values = plan.watched.map(() => null);
    this.#unread = plan.watched.map(() => undefined);
    const places = new Map(plan.watched.map((name, index) => [name, index]));
    this.#row = (field) => this.#values[places.get(field) ?? -1] ?? null;
    this.#readRow = (field) =>
      this.#unread[places.get(field) ?? -1] === undefined ? this.#row(field) : null;
    this.#ascending = plan.parts.every(({ columns }) => {
      const slots = columns.map(({ slot }) => slot).filter((slot) => slot >= 0);
      return slots.every((slot, index) => index === 0 || slot > (slots[index - 1] ?? -1));
    });
    this.samples = sampling ? new Map() : undefined;
  }

  /** Fields with an issue, summed over the rows. */
  get issues(): number {
    return this.#issues;
  }

  /** Of each field, how many of its filled cells have an issue; absent where none has. */
  get invalid(): ReadonlyMap<string, number> {
    return this.#invalid;
  }

  header(): Promise<void> | undefined {
    this.#writer.startRow();
    this.#plan.header.forEach((name, slot) => {
      this.#writer.cell(slot, name);
    });
    return this.#writer.endRow();
  }

  /**
   * Writes one row of a table whose columns are these; `row` is its number as the sheet is read. Null where a
   * value that cannot be read fails the row, which is left out then.
   */
  row(cells: Cells, columns: readonly ColumnPlan[], row = this.#rows): Promise<void> | undefined | null {
    const { canFailRows, made } = this.#plan;
    const writer = this.#writer;
    const direct = this.#ascending && !canFailRows && made.length === 0;
    const held: [number, PlainValue][] = [];
    let fails = false;
    if (direct) writer.startRow();
    this.#values.fill(null);
    this.#unread.fill(undefined);
    // Only the row's own cells are walked: a wide table may have millions of short rows.
    for (let index = 0; index < cells.length; index++) {
      const column = columns[index];
      const source = cells[index] ?? null;
      if (column === undefined || source === null) continue;
      const plain = plainValue(source, column);
      const found = column.read === undefined ? plain : column.read(plain);
      const value = found instanceof Unreadable ? keptOf(found, column) : found;
      if (column.watch >= 0) {
        this.#values[column.watch] = value;
        if (found instanceof Unreadable) {
          this.#unread[column.watch] = plain;
          fails ||= column.onUnreadable === 'failRow';
        }
      }
      if (column.slot < 0) continue;
      if (direct) writer.cell(column.slot, value);
      else held.push([column.slot, value]);
    }
    for (const { make, slot, watch, onUnreadable } of made) {
      const found = make(this.#row);
      const value = found instanceof Unreadable ? keptOf(found, { onUnreadable }) : found;
      this.#values[watch] = value;
      this.#unread[watch] = found instanceof Unreadable ? found.value : undefined;
      fails ||= found instanceof Unreadable && onUnreadable === 'failRow';
      if (slot >= 0) held.push([slot, value]);
    }
    if (this.samples !== undefined && this.#rows < SAMPLE_ROWS) this.#sample(this.samples, cells, columns);
    this.#rows++;
    if (fails) {
      this.#noteUnread(row);
      return null;
    }
    if (!direct) {
      writer.startRow();
      for (const [slot, value] of held.sort((a, b) => a[0] - b[0])) writer.cell(slot, value);
    }
    this.#diagnose(row);
    return writer.endRow();
  }

  /** Of a row that is left out, only what could not be read is told. */
  #noteUnread(row: number): void {
    this.#plan.checks.forEach(({ name }, index) => {
      const unread = this.#unread[index];
      if (unread === undefined) return;
      this.#issues++;
      this.#count(name, unread);
      this.#noted.note(name, 'unreadable_value', row, unread);
    });
  }

  #diagnose(row: number): void {
    const { checks, hasIssuesSlot, issueCountSlot } = this.#plan;
    let count = 0;
    checks.forEach(({ name, check, unreadable, slot }, index) => {
      const unread = this.#unread[index];
      const value = unread ?? this.#values[index] ?? null;
      // What cannot be read breaks other rules only because of that.
      const issues =
        unread === undefined ? (check?.(value, this.#readRow) ?? NO_ISSUES) : [unreadable(unread)];
      if (issues.length === 0) return;
      count++;
      this.#count(name, value);
      for (const { code } of issues) this.#noted.note(name, code, row, value);
      if (slot >= 0) this.#writer.cell(slot, messageOf(issues));
    });
    this.#issues += count;
    if (hasIssuesSlot >= 0) this.#writer.cell(hasIssuesSlot, count > 0);
    if (issueCountSlot >= 0) this.#writer.cell(issueCountSlot, count);
  }

  /** An issue of a cell without anything in it is of the row. */
  #count(field: string, value: PlainValue): void {
    if (!isBlank(value)) this.#invalid.set(field, (this.#invalid.get(field) ?? 0) + 1);
  }

  #sample(samples: Map<string, TransformSample>, cells: Cells, columns: readonly ColumnPlan[]): void {
    columns.forEach((column, index) => {
      const { name, read } = column;
      if (read === undefined) return;
      const sample = samples.get(name) ?? { before: [], after: [] };
      const source = cells[index] ?? null;
      const plain = source === null ? null : plainValue(source, column);
      const found = plain === null ? null : read(plain);
      sample.before.push(plain);
      sample.after.push(found instanceof Unreadable ? keptOf(found, column) : found);
      samples.set(name, sample);
    });
  }
}
