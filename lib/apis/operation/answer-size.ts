/**
 * What a Lambda function may answer, in bytes of the JSON that it hands to API Gateway. An answer's own JSON
 * stands in that as a string, so its quotes and backslashes count twice. Streams have no such limit.
 */
export const MAX_ANSWER_BYTES = 6_291_556;

/** What a part of an answer takes of that, as its own JSON. */
export const bytesOf = (value: unknown): number => answerBytes(JSON.stringify(value) ?? '');

/** The same of a part that is JSON already. */
export const answerBytes = (json: string): number => Buffer.byteLength(JSON.stringify(json));

/** The beginning of a text that takes at most so many bytes of an answer, with a mark where it was cut. */
export function cutText(text: string, maxBytes: number): string {
  // No character takes more than seven bytes: `\u0001` and the escape of its backslash.
  if (text.length * 7 <= maxBytes || bytesOf(text) <= maxBytes) return text;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (bytesOf(`${text.slice(0, middle)}…`) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  return `${text.slice(0, fits).toWellFormed()}…`;
}
