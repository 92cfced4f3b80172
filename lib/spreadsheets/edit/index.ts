/** A sheet of a written workbook changed by hand: an entry of its own, for the one function that needs it. */
export { editCsv, editSheet } from './edit-sheet.ts';
