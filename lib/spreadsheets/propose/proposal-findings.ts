import { MAX_FIELDS } from '../configuration.ts';
import type { Finding } from '../report/report.ts';
import { headerKey } from '../words/words.ts';
import type { ProposedFields } from './proposed-fields.ts';
import type { SeenDocument } from './see-document.ts';

/** What is open, where nobody but the sender of the file knows. */
export function findingsOf(documents: readonly SeenDocument[], fields: ProposedFields): Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, message: string, count: number, meta: Finding['meta']): void => {
    findings.push({ code, severity: 'warning', message, count, meta });
  };
  for (const { tables } of documents.flatMap(({ sheets }) => sheets)) {
    for (const table of tables) {
      table.columns.forEach((column, at) => {
        const header = table.headers[at];
        const field = header == null ? undefined : fields.byKey.get(headerKey(header));
        if (field === undefined) return;
        const { type } = field.proposal;
        const isDate = type === 'date' || type === 'datetime';
        const { open, example } = isDate ? column.evidence.order() : column.evidence.decimal();
        if (open > 0 && type !== 'string' && type !== 'boolean') {
          const what = isDate
            ? 'whether the day or the month stands first'
            : 'whether the point or comma parts thousands';
          add(
            isDate ? 'ambiguous_dates' : 'ambiguous_numbers',
            `Nothing in the column ${header} says ${what}`,
            open,
            {
              field: field.name,
              example,
            },
          );
        }
      });
    }
  }
  if (fields.left > 0)
    add(
      'too_many_columns',
      `${fields.left} columns are no field: a configuration has ${MAX_FIELDS}`,
      fields.left,
      null,
    );
  if (fields.byKey.size === 0) add('no_tables_detected', 'No table was found to make fields of', 0, null);
  return findings;
}
