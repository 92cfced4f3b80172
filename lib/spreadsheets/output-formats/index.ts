/**
 * A sheet in the form that the next program wants: the third public entry of this room. It stands apart from the
 * engine's, so that functions that only convert carry none of its libraries.
 */
export { type Conversion, convertSheet, MAX_CONVERTED_BYTES } from './convert-sheet.ts';
