import { describe, expect, it } from 'vitest';
import { type Checksum, hasChecksum } from '../../../lib/spreadsheets/transform/checksums.ts';
import { SeenValues } from '../../../lib/spreadsheets/transform/seen-values.ts';

describe('check digits', () => {
  it.each<[Checksum, string]>([
    ['iban', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'gb82west12345698765432'],
    ['iban', 'FR14 2004 1010 0505 0001 3M02 606'],
    ['iban', 'NO93-8601-1117-947'],
    ['ean13', '4006381333931'],
    ['ean13', '978-3-16-148410-0'],
    ['luhn', '4539 1488 0343 6467'],
    ['luhn', '79927398713'],
  ])('%s: %s', (kind, code) => {
    expect(hasChecksum(kind, code)).toBe(true);
  });

  it.each<[Checksum, string]>([
    ['iban', 'DE89 3704 0044 0532 0130 01'],
    ['iban', 'DE98 3704 0044 0532 0130 00'],
    // The digits fit, and no German account has so few.
    ['iban', 'DE7537040044053201'],
    ['iban', '8937040044053201300'],
    ['ean13', '4006381333932'],
    ['ean13', '400638133393'],
    ['luhn', '79927398710'],
    ['luhn', '7992739871x'],
    ['luhn', '0'],
  ])('%s: not %s', (kind, code) => {
    expect(hasChecksum(kind, code)).toBe(false);
  });
});

describe('values seen', () => {
  it('are known again, however many there are', () => {
    const seen = new SeenValues();
    const texts = Array.from({ length: 50_000 }, (_, no) => `A-${no}`);

    expect(texts.filter((text) => seen.add(text))).toEqual([]);
    expect(texts.filter((text) => !seen.add(text))).toEqual([]);
  });
});
