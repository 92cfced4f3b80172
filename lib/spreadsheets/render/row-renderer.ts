import { type CellValue, type PlainValue, textOf } from '../cells.ts';
import type { Cells } from '../detect/row-scan.ts';
import type { SheetWriter } from '../write/workbook-writer.ts';
import type { ColumnPlan, RenderPlan } from './render-plan.ts';

/** First values of a column before and after its transforms, for the log. */
export interface TransformSample {
  readonly before: PlainValue[];
  readonly after: PlainValue[];
}

// How many values of a column the log shows.
const SAMPLE_ROWS = 3;

/** A cell as its column takes it: text in a mixed column, and a shown number as what its field wants. */
function plainValue(
  source: Exclude<CellValue, null>,
  { asText, asNumber }: ColumnPlan,
): Exclude<PlainValue, null> {
  const value =
    typeof source === 'object' && source.kind === 'shown' ? (asNumber ? source.value : source.text) : source;
  return asText ? textOf(value) : value;
}

/** Writes rows of data: each cell made text where its column is mixed, transformed, checked and put in place. */
export class RowRenderer {
  readonly #plan: RenderPlan;
  readonly #writer: SheetWriter;
  readonly #checked: PlainValue[];
  readonly #ascending: boolean;
  #issues = 0;
  #rows = 0;
  /** Filled only when the log wants samples: by field. */
  readonly samples: Map<string, TransformSample> | undefined;

  constructor(plan: RenderPlan, writer: SheetWriter, sampling: boolean) {
    this.#plan = plan;
    this.#writer = writer;
    this.#checked = plan.checks.map(() => null);
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

  header(): Promise<void> | undefined {
    this.#writer.startRow();
    this.#plan.header.forEach((name, slot) => {
      this.#writer.cell(slot, name);
    });
    return this.#writer.endRow();
  }

  /** Writes one row of a table whose columns are these. */
  row(cells: Cells, columns: readonly ColumnPlan[]): Promise<void> | undefined {
    const writer = this.#writer;
    const moved: [number, PlainValue][] = [];
    writer.startRow();
    this.#checked.fill(null);
    // Only the row's own cells are walked: a wide table may have millions of short rows.
    for (let index = 0; index < cells.length; index++) {
      const column = columns[index];
      const source = cells[index] ?? null;
      if (column === undefined || source === null) continue;
      const plain = plainValue(source, column);
      const value = column.transform === undefined ? plain : column.transform(plain);
      if (column.check >= 0) this.#checked[column.check] = value;
      if (column.slot < 0) continue;
      if (this.#ascending) writer.cell(column.slot, value);
      else moved.push([column.slot, value]);
    }
    if (!this.#ascending) {
      for (const [slot, value] of moved.sort((a, b) => a[0] - b[0])) writer.cell(slot, value);
    }
    if (this.samples !== undefined && this.#rows < SAMPLE_ROWS) this.#sample(this.samples, cells, columns);
    this.#rows++;
    this.#diagnose();
    return writer.endRow();
  }

  #diagnose(): void {
    const { checks, hasIssuesSlot, issueCountSlot } = this.#plan;
    let count = 0;
    checks.forEach(({ check, slot }, index) => {
      const message = check(this.#checked[index] ?? null);
      if (message === null) return;
      count++;
      if (slot >= 0) this.#writer.cell(slot, message);
    });
    this.#issues += count;
    if (hasIssuesSlot >= 0) this.#writer.cell(hasIssuesSlot, count > 0);
    if (issueCountSlot >= 0) this.#writer.cell(issueCountSlot, count);
  }

  #sample(samples: Map<string, TransformSample>, cells: Cells, columns: readonly ColumnPlan[]): void {
    columns.forEach((column, index) => {
      const { name, transform } = column;
      if (transform === undefined) return;
      const sample = samples.get(name) ?? { before: [], after: [] };
      const source = cells[index] ?? null;
      const plain = source === null ? null : plainValue(source, column);
      sample.before.push(plain);
      sample.after.push(plain === null ? null : transform(plain));
      samples.set(name, sample);
    });
  }
}
