/** What files begin with that are no tables of text, whatever their name says; one character per byte. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, 'a PDF document'],
  [/^\{\\rtf/, 'an RTF document'],
  [/^\x89PNG\r\n|^\xff\xd8\xff|^GIF8[79]a/, 'a picture'],
  [/^\x1f\x8b\x08|^BZh[1-9]1AY|^7z\xbc\xaf|^Rar!\x1a|^\xfd7zXZ\0|^\x28\xb5\x2f\xfd/, 'a packed file'],
  [/^PAR1[\x15\x19]/, 'a Parquet file'],
  [/^SQLite format 3\0/, 'a database'],
  // What spreadsheet programs write for one another: cells, not rows.
  [/^ID;P\w[^\r\n]*\r?\n(?:P;[PFE]|B;[XY]\d|F;[A-Z]|O;[A-Z]|C;[XY]\d)/, 'a SYLK file'],
  [/^TABLE\r?\n0,1\r?\n"/, 'a DIF file'],
  [/^socialcalc:version:/, 'a SocialCalc file'],
  [/^[\w-]+: (?:[\s\S]*?[\r\n])?Content-Type: *multipart\/related/i, 'a web archive'],
];

const MARKUP = /^\s*(?:<!doctype html|<html[\s>]|<\?xml\s)/i;

/** What a file is by what it begins with, if it is neither a text table nor markup; `head` as bytes. */
export const otherKind = (head: string): string | undefined => KINDS.find(([start]) => start.test(head))?.[1];

/** Whether a file begins as a web page or an XML document does. */
export const isMarkup = (head: string): boolean => MARKUP.test(head);
