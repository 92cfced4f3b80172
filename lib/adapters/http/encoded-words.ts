import { decodeBytes } from './decode-bytes.ts';

/** RFC 2047, 2: `=?charset?encoding?text?=`, with RFC 2231's language after the charset. */
const WORD = /^=\?([\w.:-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * A text with the words that are encoded in it, as .NET, PowerShell and mail programs send file names. What only
 * looks like one is left as it is. Spaces between two of them are dropped, and what one character of a text was
 * cut into is put together again.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let decoded = '';
  let open: { charset: string; bytes: Buffer; sent: string } | undefined;
  const close = (): void => {
    if (open !== undefined) decoded += decodeBytes(open.bytes, open.charset) ?? open.sent;
    open = undefined;
  };
  // Spaces are kept apart, to be dropped only between two encoded words.
  let space = '';
  for (const piece of text.split(/(\s+)/)) {
    if (/^\s+$/.test(piece)) space = piece;
    else {
      const word = wordOf(piece);
      if (word === undefined || open === undefined) {
        close();
        decoded += space + (word === undefined ? piece : '');
        open = word === undefined ? undefined : { ...word, sent: piece };
      } else if (word.charset === open.charset) {
        open = {
          charset: open.charset,
          bytes: Buffer.concat([open.bytes, word.bytes]),
          sent: open.sent + space + piece,
        };
      } else {
        close();
        open = { ...word, sent: piece };
      }
      space = '';
    }
  }
  close();
  return decoded + space;
}

function wordOf(piece: string): { charset: string; bytes: Buffer } | undefined {
  const [, charset = '', encoding = '', text = ''] = WORD.exec(piece) ?? [];
  if (charset === '') return undefined;
  if (encoding.toLowerCase() === 'b') {
    return BASE64.test(text)
      ? { charset: charset.toLowerCase(), bytes: Buffer.from(text, 'base64') }
      : undefined;
  }
  if (/=(?![0-9a-f]{2})/i.test(text)) return undefined;
  const plain = text
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return { charset: charset.toLowerCase(), bytes: Buffer.from(plain, 'latin1') };
}
