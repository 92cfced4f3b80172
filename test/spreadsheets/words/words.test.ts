import { describe, expect, it } from 'vitest';
import { wordProblem } from '../../../lib/spreadsheets/words/configured-word.ts';
import { foldText, plainText } from '../../../lib/spreadsheets/words/plain-text.ts';
import { phraseSimilarity } from '../../../lib/spreadsheets/words/similarity.ts';
import { headerKey, wordsIn } from '../../../lib/spreadsheets/words/words.ts';

describe('plain text', () => {
  it.each([
    ['Prénom', 'prenom'],
    ['Pre\u0301nom', 'prenom'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['Łódź', 'lodz'],
    ['Đường', 'duong'],
    ['ılık', 'ilik'],
    ['İSTANBUL', 'istanbul'],
    ['Ørsted Æble', 'orsted aeble'],
    ['ＥＭＡＩＬ', 'email'],
    ['ﾒｰﾙｱﾄﾞﾚｽ', 'メールアドレス'],
    ['ΤΈΛΟΣ', 'τελοσ'],
    ['Τέλος', 'τελοσ'],
    ['الاسمُ', 'الاسم'],
    ['שָׁלוֹם', 'שלום'],
    ['Post\u00adcode', 'postcode'],
    ['हिन्दी', 'हिन्दी'],
    ['하나'.normalize('NFD'), '하나'],
  ])('%s is %s', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('keeps the voice marks of Kana, which make another syllable of one', () => {
    expect(plainText('ハ')).not.toBe(plainText('バ'));
  });

  it('folded keeps diacritics', () => {
    expect(foldText('PRÉNOM Straße')).toBe('prénom strasse');
  });
});

describe('words', () => {
  it('are runs of letters, marks and digits', () => {
    expect(wordsIn('E-Mail_address (2)')).toEqual(['E', 'Mail', 'address', '2']);
    expect(wordsIn('नाम: पता')).toEqual(['नाम', 'पता']);
    expect(wordsIn('\u0301 ×')).toEqual([]);
  });

  it('takes a header of marks alone in linear time', () => {
    const started = performance.now();

    expect(wordsIn('\u0301'.repeat(1_000_000))).toEqual([]);

    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each([
    [' E-Mail  Address ', 'e mail address'],
    ['氏名（漢字）', '氏名 漢字'],
    [' # ', '#'],
    ['€', '€'],
    ['  ', ''],
  ])('the key of %j is %j', (header, key) => {
    expect(headerKey(header)).toBe(key);
  });
});

describe('configured words', () => {
  it.each(['email', 'Prénom', 'メール', 'नाम', '2024', 'İsim', 'İSİM'])('%s is one', (word) => {
    expect(wordProblem(word)).toBeUndefined();
  });

  it.each([
    ['E-Mail', '"E-Mail" is 2 words: write "e", "mail" (lower-case is the same)'],
    ['name:', '"name:" is more than one word of letters and digits: write "name" (lower-case is the same)'],
    ['', '"" has no letter and no digit: write a word, or name the whole header among the field\'s headers'],
    [
      '#',
      '"#" has no letter and no digit: write a word, or name the whole header among the field\'s headers',
    ],
    ['x'.repeat(51), /^"x{50}…" is longer than a word may be/],
  ])('%j is none, and says what to write', (word, message) => {
    expect(wordProblem(word)).toMatch(message);
  });
});

describe('similarity', () => {
  const near = (header: string, wanted: string): number =>
    phraseSimilarity(header.split(' '), wanted.split(' '), () => undefined);

  it.each([
    ['cust nme', 'customer name', 0.91],
    ['customers name', 'customer name', 0.98],
    ['custmer name', 'customer name', 0.92],
    ['nmae', 'name', 0.75],
    ['customername', 'customer name', 0.97],
    ['categories', 'category', 0.97],
    ['qty', 'quantity', 0.89],
    ['dept', 'department', 0.89],
    ['tel', 'telephone', 0.88],
    ['name customer', 'customer name', 1],
  ])('%j is near %j: %d', (header, wanted, expected) => {
    expect(near(header, wanted)).toBeCloseTo(expected, 2);
  });

  it.each([
    ['coat', 'cost'],
    ['rate', 'date'],
    ['name', 'nickname'],
    ['name', 'customer name'],
    ['year 2023', 'year 2024'],
    ['id', 'identity'],
    ['a b c d e f g h i j k l m', 'a'],
    ['名', '氏名'],
  ])('%j is not near %j', (header, wanted) => {
    expect(near(header, wanted)).toBe(0);
  });

  it('takes a bounded number of steps, whatever it is given', () => {
    let steps = 0;
    const long = Array.from({ length: 12 }, () => `a${'b'.repeat(39)}`);
    const spend = (count: number): void => {
      steps += count;
    };

    phraseSimilarity(long, long, spend);
    phraseSimilarity(['a'.repeat(1_000_000)], ['a'.repeat(50)], spend);

    expect(steps).toBeLessThan(50_000);
  });
});
