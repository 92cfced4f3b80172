import { decodeBytes } from './decode-bytes.ts';

/**
 * A parameter of a header as RFC 8187 has it, `name*`, or cut into pieces as mail programs send it, `name*0*` and
 * on (RFC 2231, 3). Undefined when there is none, or none that can be read.
 */
export function extendedParameter(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  return whole(parameters.get(`${name}*`)) ?? continued(parameters, name);
}

/** `charset'language'percent-encoded`, decoded once. */
const START = /^([\w.:-]+)'[\w-]*'(.*)$/s;

function whole(sent: string | undefined): string | undefined {
  const [, charset, encoded = ''] = START.exec(sent ?? '') ?? [];
  return charset === undefined ? undefined : decoded([encoded], charset);
}

/** Pieces from 0 on, those with a second asterisk encoded and the others as they are; the first has the charset. */
function continued(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const [, charset, first] = START.exec(parameters.get(`${name}*0*`) ?? '') ?? [];
  const begin = first ?? parameters.get(`${name}*0`);
  if (begin === undefined) return undefined;
  let text = '';
  /** What one character is cut into may stand in several. */
  let encoded: string[] = [];
  let piece: { sent: string; isEncoded: boolean } | undefined = {
    sent: begin,
    isEncoded: first !== undefined,
  };
  for (let no = 1; piece !== undefined; no += 1) {
    if (piece.isEncoded) encoded.push(piece.sent);
    else {
      const before = decoded(encoded, charset ?? 'utf-8');
      if (before === undefined) return undefined;
      text += before + piece.sent;
      encoded = [];
    }
    piece = pieceOf(parameters, `${name}*${no}`);
  }
  const rest = decoded(encoded, charset ?? 'utf-8');
  return rest === undefined ? undefined : text + rest;
}

function pieceOf(parameters: ReadonlyMap<string, string>, name: string) {
  const encoded = parameters.get(`${name}*`);
  const sent = encoded ?? parameters.get(name);
  return sent === undefined ? undefined : { sent, isEncoded: encoded !== undefined };
}

/** An apostrophe should be encoded; JavaScript's `encodeURIComponent` leaves it, and here it can mean nothing else. */
function decoded(pieces: readonly string[], charset: string): string | undefined {
  const encoded = pieces.join('');
  if (/%(?![0-9a-f]{2})|[\s";]/i.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded).toString('latin1');
  const plain = bytes.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return decodeBytes(Buffer.from(plain, 'latin1'), charset);
}
