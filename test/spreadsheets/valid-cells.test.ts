import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/spreadsheets/configuration.ts';
import { configurationOf, processed } from './support/process.ts';

const CSV = 'Amount,Code,Note\n1,a,x\nnope,a,\n,b,y\n3,,z\n';

async function validOf(configuration: Configuration, csv = CSV) {
  const { columns, fields } = await processed('a.csv', csv, { configuration });
  return {
    columns: columns.map(({ header_raw, non_empty_cells, valid_cells }) => [
      header_raw,
      non_empty_cells,
      valid_cells,
    ]),
    fields: Object.fromEntries(fields.map(({ field, valid_cells }) => [field, valid_cells])),
  };
}

describe('valid cells', () => {
  const amount = { name: 'amount', dtype: 'number', headers: ['Amount'] };
  const code = {
    name: 'code',
    headers: ['Code'],
    validators: [{ required: true }, { unique: true }],
  };

  it('are the filled ones without an issue, of a column and over the columns of a field', async () => {
    expect(await validOf(configurationOf([amount, code, { name: 'other' }]))).toEqual({
      columns: [
        ['Amount', 3, 2],
        ['Code', 3, 2],
        ['Note', 3, 3],
      ],
      fields: { amount: 2, code: 2, other: 0 },
    });
  });

  it('are counted in rows that fail, too', async () => {
    const failing = { ...amount, onUnreadable: 'failRow' };

    expect((await validOf(configurationOf([failing]))).fields).toEqual({ amount: 2 });
  });
});
