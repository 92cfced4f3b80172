import { decodeWords } from './encoded-words.ts';
import { extendedParameter } from './extended-parameters.ts';
import { headerValue } from './header-parameters.ts';

/** What the `Content-Disposition` of a form's part says. */
export interface PartNames {
  field: string;
  /** Without a path; undefined for a part that is no file, empty for a file without a name. */
  filename: string | undefined;
}

/**
 * Reads what browsers, .NET, PowerShell and mail programs write. `filename*` goes before `filename` wherever
 * quotes stand (RFC 6266, 4.3), if it names anything; undefined for a part that is not of a form.
 */
export function partNames(header: string): PartNames | undefined {
  const { value, parameters } = headerValue(header);
  const field = parameters.get('name');
  if (value !== 'form-data' || field === undefined) return undefined;
  return { field: unescaped(field), filename: isFile(parameters) ? filenameOf(parameters) : undefined };
}

/** A file whose name cannot be read is one all the same: as a text it would be missed without a word. */
const isFile = (parameters: ReadonlyMap<string, string>): boolean =>
  [...parameters.keys()].some((name) => name === 'filename' || name.startsWith('filename*'));

function filenameOf(parameters: ReadonlyMap<string, string>): string {
  const extended = baseName(extendedParameter(parameters, 'filename') ?? '');
  return extended === '' ? baseName(nameOf(parameters.get('filename') ?? '')) : extended;
}

function nameOf(sent: string): string {
  const words = decodeWords(sent);
  return words === sent ? unescaped(sent) : words;
}

/** What browsers escape in a name, and nothing else: a percent sign stands for itself (HTML, multipart/form-data). */
const ESCAPED: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' };
const unescaped = (sent: string): string =>
  sent.replace(/%22|%0D|%0A/gi, (code) => ESCAPED[code.toUpperCase()] ?? code);

function baseName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  return name === '.' || name === '..' ? '' : name;
}
