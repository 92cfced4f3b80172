import { describe, expect, it } from 'vitest';
import { importFields } from '../../../lib/spreadsheets/import-fields/import-fields.ts';
import { readConfiguration } from '../../../lib/spreadsheets/index.ts';

const of = (name: string, content: unknown) =>
  importFields(name, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'array',
  items: { $ref: '#/$defs/Order' },
  $defs: {
    Money: { type: 'number', minimum: 0 },
    Order: {
      type: 'object',
      required: ['orderNo', 'total'],
      properties: {
        orderNo: { type: 'string', title: 'Order number', pattern: '^[A-Z]{2}\\d+$', maxLength: 12 },
        total: { $ref: '#/$defs/Money', title: 'Total' },
        'Bestellt am': { type: ['string', 'null'], format: 'date' },
        state: { enum: ['open', 'done', null] },
        mail: { type: 'string', format: 'email', multipleOf: 2 },
        qty: { type: 'integer', minimum: 1, maximum: 9, description: 'How many' },
        paid: { type: 'boolean' },
      },
    },
  },
};

describe('fields of a JSON Schema', () => {
  it('have its names, types and rules', async () => {
    const { fields, ignored } = await of('orders.schema.json', SCHEMA);

    expect(fields).toEqual([
      {
        name: 'orderNo',
        label: 'Order number',
        dtype: 'string',
        headers: ['Order number', 'orderNo', 'order No'],
        validators: [{ required: true }, { pattern: '^[A-Z]{2}\\d+$' }, { maxLength: 12 }],
      },
      {
        name: 'total',
        label: 'Total',
        dtype: 'number',
        headers: ['Total'],
        validators: [{ required: true }, { range: { min: 0 } }],
      },
      { name: 'bestellt_am', dtype: 'date', headers: ['Bestellt am'] },
      { name: 'state', dtype: 'string', headers: ['state'], validators: [{ oneOf: ['open', 'done'] }] },
      { name: 'mail', dtype: 'string', headers: ['mail'], transforms: ['email'] },
      { name: 'qty', dtype: 'integer', headers: ['qty'], validators: [{ range: { min: 1, max: 9 } }] },
      { name: 'paid', dtype: 'boolean', headers: ['paid'] },
    ]);
    expect(ignored).toEqual(['schema.properties.mail.multipleOf']);
    expect((await readConfiguration({ fields })).success).toBe(true);
  });

  it.each([
    [{ type: 'object' }, 'schema.properties: is missing'],
    [{ properties: { a: { type: 'strin' } } }, 'schema.properties.a.type: is not as in a JSON Schema'],
    [{ properties: { a: { type: 'object' } } }, 'schema.properties.a: is an object, which no cell holds'],
    [{ properties: { a: { $ref: '#/$defs/b' } } }, 'schema.properties.a: "#/$defs/b" does not lead to'],
    [
      { properties: { a: { $ref: '#/$defs/b' } }, $defs: { b: { $ref: '#/$defs/b' } } },
      'schema.properties.a: "#/$defs/b" does not lead to',
    ],
  ])('are refused with the place: %j', async (schema, message) => {
    await expect(of('a.json', schema)).rejects.toThrow(message);
  });

  it('are refused where the file is no JSON', async () => {
    await expect(of('a.json', '{"a": ')).rejects.toThrow('a.json: is not JSON');
  });
});

describe('fields of a table', () => {
  it('are its rows', async () => {
    const { fields } = await of(
      'fields.csv',
      'name;type;label;headers;required;unique;one of;min;max;list\nqty;Integer;Menge;Anzahl|Stück;x;;;1;99;\n;;État;;;;a|b;;;states\nメール;;;;;;;;;\n',
    );

    expect(fields).toEqual([
      {
        name: 'qty',
        label: 'Menge',
        dtype: 'integer',
        headers: ['Menge', 'qty', 'Anzahl', 'Stück'],
        validators: [{ required: true }, { range: { min: 1, max: 99 } }],
      },
      {
        name: 'etat',
        label: 'État',
        dtype: 'string',
        headers: ['État'],
        validators: [{ oneOf: ['a', 'b'] }, { reference: { list: 'states' } }],
      },
      { name: 'field_3', dtype: 'string', headers: ['メール'] },
    ]);
    expect((await readConfiguration({ fields })).success).toBe(true);
  });

  it.each([
    ['name,typ\na,b\n', 'row 1, column 2: There is no column "typ": did you mean "type"?'],
    ['name,required\na,perhaps\n', 'row 2, required: "perhaps" is neither yes nor no'],
    ['name,min\na,many\n', 'row 2, min: "many" is no number'],
    ['name,min\n,3\n', 'row 2, name: is missing'],
    ['name\n', 'row 2: there is no field'],
  ])('are refused with row and column: %j', async (csv, message) => {
    await expect(of('fields.csv', csv)).rejects.toThrow(message);
  });
});
