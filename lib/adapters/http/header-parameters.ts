export interface HeaderValue {
  /** What stands before the parameters, in lower case. */
  value: string;
  /** By their names in lower case; the first of a name counts. */
  parameters: ReadonlyMap<string, string>;
}

/** `name=value` and `name="value"`, up to the next semicolon. */
const PARAMETER =
  /\s*([^\s;="]+)\s*=\s*(?:"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"|([^;]*))[^;]*(?:;|$)|[^;]*(?:;|$)/gy;

/**
 * A header such as `Content-Type` or `Content-Disposition`. In quotes a backslash stands for itself unless a quote
 * or another one follows it: not everybody who sends the path of a file doubles its backslashes.
 */
export function headerValue(header: string): HeaderValue {
  const end = header.includes(';') ? header.indexOf(';') : header.length;
  const parameters = new Map<string, string>();
  for (const [, name, quoted, token] of header.slice(end + 1).matchAll(PARAMETER)) {
    if (name === undefined || parameters.has(name.toLowerCase())) continue;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(["\\])/g, '$1') ?? (token ?? '').trim());
  }
  return { value: header.slice(0, end).trim().toLowerCase(), parameters };
}
