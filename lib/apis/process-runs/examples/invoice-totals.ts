import { Configuration, processWorkbook, SpreadsheetFailure } from '../../../spreadsheets/index.ts';
import { openWorkbook } from '../../../spreadsheets/read/open-workbook.ts';
import type { FileStore } from '../../files/ports.ts';
import { readFile } from '../../files/read-file.ts';
import { ProcessFailure, readInputs, TaskInput } from './task-input.ts';

export interface InvoiceTotals {
  total_items: number;
  total_amount: number;
  customer_id: string | null;
}

const FIELD = { quantity: 'quantity', price: 'unit_price', amount: 'amount', customer: 'customer_id' };
const number = { number: { decimal: '.' } };

/** Which columns of a spreadsheet of line items mean what, for the engine that finds and cleans them. */
const LINE_ITEMS = Configuration.parse({
  settings: { removeUnmappedColumns: true, mergeTablesInSheet: true },
  rowDetectors: {
    headerTokens: [
      'item',
      'description',
      'sku',
      'quantity',
      'qty',
      'price',
      'unit',
      'amount',
      'total',
      'customer',
    ],
  },
  fields: [
    { name: FIELD.quantity, dtype: 'number', headerTokenSets: [['quantity'], ['qty']], transforms: [number] },
    {
      name: FIELD.price,
      dtype: 'number',
      headerTokenSets: [['unit', 'price'], ['price'], ['unitprice']],
      transforms: [number],
    },
    {
      name: FIELD.amount,
      dtype: 'number',
      headerTokenSets: [['amount'], ['line', 'total'], ['linetotal'], ['total']],
      transforms: [number],
    },
    {
      name: FIELD.customer,
      headerTokenSets: [['customer', 'id'], ['customerid'], ['customer'], ['client', 'id']],
      transforms: ['trim'],
    },
  ],
});

/** Empty cells in a row after which the rest of it is not read. */
const MAX_GAP = 500;

/** @throws ProcessFailure that names what is wrong with the file, for the execution to fail with. */
export async function totalInvoice(files: Pick<FileStore, 'get'>, payload: unknown): Promise<InvoiceTotals> {
  const task = TaskInput.parse(payload);
  const [file] = task.files;
  if (file === undefined) {
    throw new ProcessFailure('no_file', 'The process needs a spreadsheet: name it in file_ids.');
  }
  const bytes = await readFile(files, file.key);
  if (bytes === undefined) throw new ProcessFailure('no_file', `The file ${file.name} was deleted.`);
  const inputs = await readInputs(files, task);
  try {
    const totals = await totalsOf(file.name, bytes);
    const { customer_id: given } = inputs;
    return { ...totals, customer_id: totals.customer_id ?? (typeof given === 'string' ? given : null) };
  } catch (error) {
    if (error instanceof SpreadsheetFailure)
      throw new ProcessFailure(error.code, error.message, { cause: error });
    throw error;
  }
}

async function totalsOf(name: string, bytes: Uint8Array): Promise<InvoiceTotals> {
  const found = { items: 0, amount: 0, lines: 0, customer: null as string | null };
  for await (const line of lineItems(await normalised(name, bytes))) {
    const quantity = toNumber(line.get(FIELD.quantity));
    const price = toNumber(line.get(FIELD.price));
    const amount = toNumber(line.get(FIELD.amount));
    found.customer ??= toText(line.get(FIELD.customer));
    const worth = amount ?? (quantity !== undefined && price !== undefined ? quantity * price : undefined);
    if (worth === undefined) continue; // a note, a subtotal's label, an empty line
    found.lines += 1;
    found.amount += worth;
    // A spreadsheet without quantities has one of each.
    found.items += quantity ?? 1;
  }
  if (found.lines === 0) {
    const message = `${name} has no table with amounts, or with quantities and unit prices.`;
    throw new ProcessFailure('no_line_items', message);
  }
  return {
    total_items: found.items,
    total_amount: Math.round(found.amount * 100) / 100,
    customer_id: found.customer,
  };
}

/** The workbook as the engine writes it: tables found, columns called what they are, numbers as numbers. */
async function normalised(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const input = { name, bytes, configuration: LINE_ITEMS };
  await processWorkbook(input, { write: (chunk) => void chunks.push(chunk), emit: () => undefined });
  return Buffer.concat(chunks);
}

/** The rows of every table, by the names of their columns. */
async function* lineItems(workbook: Uint8Array): AsyncGenerator<Map<string, unknown>> {
  const reader = await openWorkbook('normalised.xlsx', workbook);
  const names: ReadonlySet<unknown> = new Set(Object.values(FIELD));
  for (const sheet of reader.sheets) {
    let header: unknown[] = [];
    for await (const { rows } of reader.rows(sheet, MAX_GAP)) {
      for (const { cells } of rows) {
        const isHeader = cells.some((cell) => names.has(cell));
        if (isHeader) header = [...cells];
        else if (header.length > 0) yield new Map(cells.map((cell, at) => [String(header[at]), cell]));
      }
    }
  }
}

const toNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

const toText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
