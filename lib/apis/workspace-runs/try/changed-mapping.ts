import type { RunColumn } from '../../../spreadsheets/report/wire.ts';

export interface ChangedMapping {
  header: string | null;
  from: string | null;
  to: string | null;
}

type Column = Pick<RunColumn, 'sheet_name' | 'table_index' | 'column_index' | 'header_raw' | 'mapped_field'>;

const byPlace = (column: Column): string =>
  JSON.stringify([column.sheet_name, column.table_index, column.column_index, column.header_raw]);
const byHeader = (column: Column): string => JSON.stringify([column.sheet_name, column.header_raw]);

function grouped(columns: Iterable<Column>, keyOf: (column: Column) => string): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const group = groups.get(keyOf(column));
    if (group === undefined) groups.set(keyOf(column), [column]);
    else group.push(column);
  }
  return groups;
}

/**
 * The columns that one configuration gives another field than the other, in the order of the document. Columns
 * are the same at the same place, or, where the tables were found elsewhere, under the same header of the sheet.
 */
export function changedMapping(active: readonly Column[], candidate: readonly Column[]): ChangedMapping[] {
  const partners = new Map<Column, Column>();
  const left = new Set(active);
  for (const keyOf of [byPlace, byHeader]) {
    const open = grouped(left, keyOf);
    for (const column of candidate) {
      const partner = partners.has(column) ? undefined : open.get(keyOf(column))?.shift();
      if (partner === undefined) continue;
      partners.set(column, partner);
      left.delete(partner);
    }
  }
  const pairs: { from: Column | undefined; to: Column | undefined }[] = [
    ...candidate.map((column) => ({ from: partners.get(column), to: column })),
    ...[...left].map((column) => ({ from: column, to: undefined })),
  ];
  return pairs.flatMap(({ from, to }) => {
    const [before, after] = [from?.mapped_field ?? null, to?.mapped_field ?? null];
    if (before === after) return [];
    return [{ header: (to ?? from)?.header_raw ?? null, from: before, to: after }];
  });
}
