import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../lib/adapters/http/decode-bytes.ts';

describe('bytes of a charset', () => {
  it.each([
    ['windows-1252', [0x80, 0x93, 0xe9], '€“é'],
    ['iso-8859-1', [0x80, 0xe9], '€é'],
    ['utf-8', [0xc3, 0xa9], 'é'],
    ['shift_jis', [0x8e, 0x52], '山'],
    ['utf-8', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
  ])('%s: what the Encoding Standard says', (charset, bytes, text) => {
    expect(decodeBytes(Uint8Array.from(bytes), charset)).toBe(text);
  });

  it.each([
    ['utf-8', [0xc3]],
    ['shift_jis', [0x8e]],
    ['utf-8', [0xff, 0x61]],
    ['klingon', [0x61]],
  ])('%s: nothing where they are none of it', (charset, bytes) => {
    expect(decodeBytes(Uint8Array.from(bytes), charset)).toBeUndefined();
  });
});
