/** A workbook as an accountant would send it: a title, a table of line items, a note below. */
export async function aWorkbook(): Promise<Uint8Array> {
  const { utils, write } = await import('xlsx');
  const sheet = utils.aoa_to_sheet([
    ['Invoice May 2026'],
    [],
    ['Description', 'Qty', 'Unit Price', 'Amount', 'Customer ID'],
    ['Widgets', 40, 2.5, 100, '9nvx1hdm9bd74rp585oe81t5i'],
    ['Gadgets', 2, 13.25, 26.5, '9nvx1hdm9bd74rp585oe81t5i'],
  ]);
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Items');
  return new Uint8Array(write(book, { type: 'buffer', bookType: 'xlsx' }));
}
