import { plainWord } from './month-names.ts';

// What people write for yes and no where a column is nothing but that.
const YES = [
  ...[
    'true',
    'yes',
    'y',
    't',
    '1',
    'on',
    'x',
    '✓',
    '✔',
    '☑',
    '✅',
    '○',
    'ja',
    'j',
    'wahr',
    'oui',
    'o',
    'vrai',
  ],
  ...[
    'si',
    's',
    'v',
    'verdadero',
    'vero',
    'sim',
    'verdadeiro',
    'tak',
    'prawda',
    'ano',
    'igen',
    'da',
    'kylla',
    'jah',
  ],
  ...[
    'evet',
    'e',
    'dogru',
    'да',
    'истина',
    'так',
    'ναι',
    'نعم',
    'כן',
    'ya',
    '是',
    '有',
    'はい',
    '예',
    '네',
    '있음',
    'हाँ',
    'có',
  ],
];
const NO = [
  ...[
    'false',
    'no',
    'n',
    'f',
    '0',
    'off',
    '✗',
    '✘',
    '☐',
    '❌',
    '×',
    'nein',
    'falsch',
    'non',
    'faux',
    'falso',
  ],
  ...[
    'nao',
    'nie',
    'falsz',
    'ne',
    'nem',
    'nu',
    'ei',
    'nee',
    'nej',
    'nei',
    'hayir',
    'h',
    'yanlis',
    'нет',
    'ложь',
  ],
  ...[
    'ні',
    'не',
    'οχι',
    'لا',
    'לא',
    'tidak',
    '否',
    '无',
    '無',
    'いいえ',
    '아니요',
    '아니오',
    '없음',
    'नहीं',
    'không',
  ],
];

const known: ReadonlyMap<string, boolean> = new Map([
  ...YES.map((word): [string, boolean] => [plainWord(word), true]),
  ...NO.map((word): [string, boolean] => [plainWord(word), false]),
]);

/** Marks beside which a cross says no; alone it marks what is so. */
const MARK = /^[✓✔☑✅○oO]\ufe0f?$/u;
const CROSS = /^[xX]$/;

export const isMark = (text: string): boolean => MARK.test(text);
export const isCross = (text: string): boolean => CROSS.test(text);

/** Longer texts are none of them. */
const MAX_CHARACTERS = 20;

/** Yes or no in many languages; null for any other text. */
export const writtenBoolean = (text: string): boolean | null =>
  text.length > MAX_CHARACTERS ? null : (known.get(plainWord(text.normalize('NFKC'))) ?? null);
