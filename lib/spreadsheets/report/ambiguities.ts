import type { FieldRules } from '../render/field-rules.ts';
import { type RenderPlan, writtenColumns } from '../render/render-plan.ts';
import { localeOf } from '../transform/field-reader.ts';
import type { ColumnEvidence } from '../transform/reading/column-evidence.ts';
import type { Finding } from './report.ts';

interface Ambiguity {
  readonly code: 'ambiguous_dates' | 'ambiguous_numbers';
  readonly field: string;
  readonly readAs: string;
  readonly sheets: Set<string>;
  readonly example: string;
  count: number;
}

function ambiguityOf(
  { field }: FieldRules,
  evidence: ColumnEvidence,
): (Pick<Ambiguity, 'code' | 'readAs' | 'count'> & { example: string | null }) | null {
  const { told } = localeOf(field, evidence);
  if (field.dtype === 'number' && !told.decimal) {
    const { reading, open, example } = evidence.decimal();
    return { code: 'ambiguous_numbers', readAs: reading, count: open, example };
  }
  if ((field.dtype === 'date' || field.dtype === 'datetime') && !told.order) {
    const { reading, open, example } = evidence.order();
    return { code: 'ambiguous_dates', readAs: reading, count: open, example };
  }
  return null;
}

/** What was taken to be first in a date, where it was not the day. */
const FIRSTS: Readonly<Record<string, string>> = { mdy: 'month', ymd: 'year' };

function messageOf({ code, field, example, readAs }: Ambiguity): string {
  if (code === 'ambiguous_numbers') {
    return `Numbers of ${field} such as ${example} could be thousands or decimals. "${readAs}" was taken for the decimal sign; the step {"number": {"decimal": …}} says which it is.`;
  }
  const first = FIRSTS[readAs] ?? 'day';
  const choice = /\d{4}/.test(example) ? 'the day or the month' : 'the day, the month or the year';
  return `Dates of ${field} such as ${example} could begin with ${choice}. The ${first} was taken to be first; the step {"date": {"order": …}} says which it is.`;
}

/** Gathers, over the tables of a run, the columns whose numbers or dates could be two things. */
export class Ambiguities {
  readonly #found = new Map<string, Ambiguity>();

  note(sheetName: string, { parts }: RenderPlan, rules: ReadonlyMap<string, FieldRules>): void {
    for (const { table } of parts) {
      table.names.forEach((name, index) => {
        const rule = rules.get(name);
        const evidence = writtenColumns(table)[index]?.evidence;
        if (rule === undefined || evidence === undefined) return;
        const found = ambiguityOf(rule, evidence);
        if (found === null || found.count === 0 || found.example === null) return;
        const key = `${name} ${found.code} ${found.readAs}`;
        const known = this.#found.get(key);
        if (known === undefined) {
          this.#found.set(key, {
            ...found,
            field: name,
            sheets: new Set([sheetName]),
            example: found.example,
          });
          return;
        }
        known.count += found.count;
        known.sheets.add(sheetName);
      });
    }
  }

  findings(): Finding[] {
    return [...this.#found.values()].map((found) => ({
      code: found.code,
      severity: 'warning',
      message: messageOf(found),
      count: found.count,
      meta: {
        field: found.field,
        read_as: found.readAs,
        example: found.example,
        sheet_names: [...found.sheets],
      },
    }));
  }
}
