import { uuidOf } from './uuid.ts';

/** Crockford's base32 in lower case: digits and letters without i, l, o and u, in the order of their values. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 26 digits of 5 bits hold 130 bits, so the first one is at most 7. */
const SHORT_ID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const DIGITS = 26;

/** The 128 bits of a UUID in 26 characters, which sort as the UUIDs do. */
export function toShortId(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let digit = 0; digit < DIGITS; digit += 1) {
    text = ALPHABET.charAt(Number(rest % 32n)) + text;
    rest /= 32n;
  }
  return text;
}

/** The UUID that a short id stands for; undefined for what is none, upper case included. */
export function fromShortId(text: string): string | undefined {
  if (!SHORT_ID.test(text)) return undefined;
  let bits = 0n;
  for (const digit of text) bits = bits * 32n + BigInt(ALPHABET.indexOf(digit));
  return uuidOf(bits.toString(16).padStart(32, '0'));
}
