import emailAddresses from 'email-addresses';
import type { TextReader } from './text-reader.ts';

/** RFC 5321 takes 254 characters for an address; a display name may stand before it. */
const MAX_ADDRESS = 254;
const MAX_CHARACTERS = 1000;

const DISPLAYED = /^[^<>]*<([^<>]*)>$/;
const COMMENT = /\s*\([^()]*\)$/;
const MAILTO = /^mailto:/i;
// The package would read folds, comments and quoted names, at a cost that grows with the square of their length.
const BARE = /^[^\s()<>[\]",:;\\@]{1,64}@[^\s()<>[\]",:;\\@]+$/u;
/** What nearly all addresses are; the package would take fifty times as long to find it out. */
const PLAIN =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const DOMAIN = /^(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]{2,}$/u;

/** What a link may ask for beside its address is left out. */
const addressIn = (link: string): string =>
  MAILTO.test(link) ? (link.replace(MAILTO, '').split('?')[0] ?? '') : link;

/** Reads one e-mail address, without display name and `mailto:`; its domain is in lower case, the rest as it is. */
export const readEmail: TextReader = (written) => {
  if (written.length > MAX_CHARACTERS) return null;
  const [, displayed] = DISPLAYED.exec(written) ?? [];
  const address = addressIn((displayed ?? written.replace(COMMENT, '')).trim());
  if (address.length > MAX_ADDRESS || !BARE.test(address)) return null;
  if (PLAIN.test(address)) {
    const at = address.indexOf('@');
    return address.slice(0, at) + address.slice(at).toLowerCase();
  }
  const parsed = emailAddresses.parseOneAddress({ input: address, rejectTLD: true, rfc6532: true });
  if (parsed?.type !== 'mailbox' || !DOMAIN.test(parsed.domain)) return null;
  return `${parsed.local}@${parsed.domain.toLowerCase()}`;
};
