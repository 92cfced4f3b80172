import { invalid } from '../operation/refusal.ts';

/** What is said of a content whose type nobody has told. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** What can stand in a header, of a length that the file store and every client take. */
export const MAX_CHARACTERS = 255;
const PRINTABLE = new RegExp(`^[\\x20-\\x7e]{1,${MAX_CHARACTERS}}$`);

/**
 * The type that a client gives a content, trimmed, wherever it comes in: as a member of a body or as a header of
 * a part. It goes out as a header of every download. `path` is where it stood.
 * @throws Refused 422 for one that no header can have.
 */
export function contentTypeOf(given: string | undefined, path: string): string {
  const type = given?.trim() || UNKNOWN_TYPE;
  if (PRINTABLE.test(type)) return type;
  const message = `A content type has at most ${MAX_CHARACTERS} printable ASCII characters`;
  throw invalid(message, [{ path, message, code: 'value_error' }]);
}

/** The same of one that was stored before types were checked: a download must not fail for it. */
export const storedType = (type: string): string => (PRINTABLE.test(type) ? type : UNKNOWN_TYPE);
