import * as z from 'zod';
import { MAX_ROWS } from './limits.ts';
import type { CsvOptions } from './read/reader.ts';

export const MAX_ENCODING_CHARACTERS = 40;
const MAX_DELIMITER_CHARACTERS = 4;

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch (error) {
    // What it says of a label that it does not know.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const staysInLine = (text: string): boolean => !/[\r\n]/.test(text);
const NO_LINE_END = 'must not be a line end';

/** What may be said of how a text file is written, member by member. */
export const csvMembers = {
  encoding: z
    .string()
    .max(MAX_ENCODING_CHARACTERS)
    .refine(
      isEncoding,
      'must be an encoding by its name in the Encoding Standard, such as utf-8 or windows-1252',
    ),
  delimiter: z.string().min(1).max(MAX_DELIMITER_CHARACTERS).refine(staysInLine, NO_LINE_END),
  /** An empty text: nothing is quoted. */
  quote: z.string().max(1).refine(staysInLine, NO_LINE_END),
  escape: z.string().length(1),
  headerRow: z.int().min(1).max(MAX_ROWS),
};

type Told = { readonly [Member in 'delimiter' | 'quote' | 'escape']?: string | null | undefined };

/** Refuses a dialect whose parts contradict one another. */
export function refuseContradictions(told: Told, context: z.RefinementCtx): void {
  const { delimiter, quote } = told;
  if (quote != null && quote !== '' && delimiter?.includes(quote) === true) {
    context.addIssue({ code: 'custom', path: ['quote'], message: 'must not be in the delimiter' });
  }
  if (told.escape == null || told.escape === '\\' || told.escape === (quote ?? '"')) return;
  const message = 'must be a backslash, or the quote itself where quotes are doubled';
  context.addIssue({ code: 'custom', path: ['escape'], message });
}

/** How the text files of a workspace are written, as far as somebody told; the rest is detected. */
export const CsvSettings = z
  .strictObject({
    encoding: csvMembers.encoding.optional(),
    delimiter: csvMembers.delimiter.optional(),
    quote: csvMembers.quote.optional(),
    escape: csvMembers.escape.optional(),
    headerRow: csvMembers.headerRow.optional(),
  })
  .superRefine(refuseContradictions);
export type CsvSettings = z.infer<typeof CsvSettings>;

/** Both together: what `first` says stands above what `second` says. */
export function csvOptions(first: CsvOptions, second: CsvOptions): CsvOptions {
  return {
    encoding: first.encoding ?? second.encoding,
    delimiter: first.delimiter ?? second.delimiter,
    quote: first.quote ?? second.quote,
    escape: first.escape ?? second.escape,
    headerRow: first.headerRow ?? second.headerRow,
  };
}
