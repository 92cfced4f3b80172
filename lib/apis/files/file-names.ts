/** Longest file name kept, in characters. */
export const MAX_NAME = 255;
/** Longest stem of the name that an event log is downloaded under, in characters. */
const MAX_LOG_STEM = 80;

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** A surrogate without the other one, as a cut leaves it: it has no bytes in UTF-8. */
const HALF = /\p{Surrogate}/gu;

/**
 * A file name without control characters, paths and halves of characters, trimmed, at most 255 characters long. What
 * stands for a folder is no name: a process may keep its files under theirs.
 */
export function cleanName(name: string | undefined, fallback: string): string {
  const base = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  const cleaned = base.replace(CONTROL, '').trim().slice(0, MAX_NAME).replace(HALF, '').trim();
  return ['', '.', '..'].includes(cleaned) ? fallback : cleaned;
}

export const stemOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
};

/** What two names must differ in: NFKC, whitespace collapsed, case folded. */
export const nameKey = (name: string): string =>
  name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLocaleLowerCase('en-US');

/**
 * `Content-Disposition` for a download, as ADE writes it: the plain name when it is plain ASCII, else an
 * ASCII fallback beside the percent-encoded name (RFC 6266).
 */
export function contentDisposition(name: string): string {
  const cleaned = name.replace(CONTROL, '').trim().slice(0, MAX_NAME) || 'download';
  const isPlain = /^[\u0020-\u007e]+$/.test(cleaned) && !/["\\;:]/.test(cleaned);
  if (isPlain) return `attachment; filename="${cleaned}"`;
  const fallback =
    Array.from(cleaned, (char) => (/[\u0020-\u007e]/.test(char) && !/["\\;:]/.test(char) ? char : '_'))
      .join('')
      .replace(/^[_ ]+|[_ ]+$/g, '') || 'download';
  return `attachment; filename="${fallback}"; filename*=UTF-8''${percentEncode(cleaned)}`;
}

/** encodeURIComponent leaves characters alone that RFC 5987 wants encoded, and refuses lone surrogates. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** `<input stem>_<created at>.ndjson`, or the run's own name when it had no input. */
export function logName(run: { id: string; createdAt: string }, inputName: string | undefined): string {
  const stamp = run.createdAt.replace(/[-:]/g, '').replace(/\.\d+/, '');
  const stem = stemOf(inputName ?? '')
    .replace(CONTROL, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LOG_STEM);
  return `${stem === '' ? `run-${run.id.slice(0, 8)}` : stem}_${stamp}.ndjson`;
}
