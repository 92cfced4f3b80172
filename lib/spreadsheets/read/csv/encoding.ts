import { isUtf8 } from 'node:buffer';
import { decoding } from './decoding.ts';
import { DOS_PAGES, dosText } from './dos-pages.ts';

/** How the bytes of a text are to be read. */
export interface EncodingGuess {
  /** A label of `TextDecoder`. */
  readonly encoding: string;
  /** 0 to 1: 1 where a mark or the bytes themselves prove it, else how far the next best one is behind. */
  readonly confidence: number;
  /** The next best one, where it is close. */
  readonly runnerUp: string | null;
  /** Bytes of the mark at the beginning, which is no text. */
  readonly markBytes: number;
}

// A detector needs a few thousand letters; more of them only take time.
const SAMPLE_BYTES = 128 * 1024;
// The share of bytes in step that are zero, or begin a line or a field, in texts of two bytes a character.
const TWO_BYTE_SHARE = 0.2;
// How close another encoding may come before somebody should look.
const CLOSE = 0.9;

// How much likelier an encoding is before one looked: what Windows writes first, and what only old machines of
// another kind do last. A short text says too little to decide it alone.
const SINGLE_BYTE: Readonly<Record<string, number>> = {
  'windows-1252': 0.05,
  'windows-1250': 0,
  'windows-1251': 0,
  'windows-1253': 0,
  'windows-1254': 0,
  'windows-1255': 0,
  'windows-1256': 0,
  'windows-1257': 0,
  'windows-1258': -0.1,
  'windows-874': 0,
  'koi8-r': -0.05,
  macintosh: -0.1,
  'iso-8859-2': -0.05,
  'iso-8859-5': -0.1,
  'iso-8859-6': -0.1,
  'iso-8859-7': -0.05,
  'iso-8859-13': -0.1,
  'iso-8859-15': -0.1,
  ibm866: -0.2,
  'x-mac-cyrillic': -0.1,
};
const MULTI_BYTE = ['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp'];

// What the detector calls what `TextDecoder` reads by another name: windows code pages hold all that the ISO
// ones do and more, and it is they that programs write (WHATWG Encoding, "latin1" is windows-1252).
const LABELS: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'iso-8859-2',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-6': 'iso-8859-6',
  'ISO-8859-7': 'iso-8859-7',
  'ISO-8859-8': 'windows-1255',
  'ISO-8859-9': 'windows-1254',
  Shift_JIS: 'shift_jis',
  GB18030: 'gb18030',
  Big5: 'big5',
  'EUC-KR': 'euc-kr',
  'EUC-JP': 'euc-jp',
  'KOI8-R': 'koi8-r',
};

function marked(bytes: Uint8Array): EncodingGuess | undefined {
  const [a, b, c] = bytes;
  const mark = (encoding: string, markBytes: number) => ({
    encoding,
    confidence: 1,
    runnerUp: null,
    markBytes,
  });
  if (a === 0xef && b === 0xbb && c === 0xbf) return mark('utf-8', 3);
  if (a === 0xff && b === 0xfe) return mark('utf-16le', 2);
  if (a === 0xfe && b === 0xff) return mark('utf-16be', 2);
  return undefined;
}

/** Texts of two bytes a character, told by where their zero bytes, line ends and commas stand. */
function twoBytes(sample: Uint8Array): EncodingGuess | undefined {
  if (sample.byteLength < 4 || sample.byteLength % 2 === 1) return undefined;
  const zeros = [0, 0];
  const signs = [0, 0];
  for (let at = 0; at + 1 < sample.byteLength; at += 2) {
    const first = sample[at] ?? 0;
    const second = sample[at + 1] ?? 0;
    if (first === 0) zeros[0] = (zeros[0] ?? 0) + 1;
    if (second === 0) zeros[1] = (zeros[1] ?? 0) + 1;
    if (first === 0 && isSign(second)) signs[0] = (signs[0] ?? 0) + 1;
    if (second === 0 && isSign(first)) signs[1] = (signs[1] ?? 0) + 1;
  }
  const pairs = sample.byteLength / 2;
  const [zeroFirst = 0, zeroSecond = 0] = zeros;
  const [bigSigns = 0, littleSigns = 0] = signs;
  if (Math.max(zeroFirst, zeroSecond) < pairs * TWO_BYTE_SHARE && Math.max(bigSigns, littleSigns) < 2)
    return undefined;
  // Zeros on either side are no text of two bytes but something else with gaps.
  if (Math.min(zeroFirst, zeroSecond) > pairs * 0.02) return undefined;
  const big = zeroFirst > zeroSecond;
  if ((big ? bigSigns : littleSigns) === 0) return undefined;
  return { encoding: big ? 'utf-16be' : 'utf-16le', confidence: 1, runnerUp: null, markBytes: 0 };
}

// Line ends, tabs, spaces and what parts fields.
const isSign = (byte: number): boolean => [9, 10, 13, 32, 44, 59, 124].includes(byte);

// Signs of measures and ordinals are none, though Unicode has them among the letters.
const LETTER = /(?![µºª])\p{L}/u;
const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;

// The letters beyond ASCII that each language writes every day (Unicode CLDR, main exemplar characters; of
// alphabets that are not Latin all). A text is of one language, or of one and a few names: a reading whose
// letters no single language has is likely a wrong one.
const LANGUAGES: readonly ReadonlySet<string>[] = [
  'àâæçéèêëîïôœùûüÿ',
  'äöüß',
  'áéíñóúü',
  'àèéìíîòóùú',
  'ãáàâçéêíóòôúü',
  'áéèëïíóöüú',
  'åäöéàü',
  'æøåéôòóâ',
  'áéíóúýðþæö',
  'ąćęłńóśźż',
  'áčďéěíňóřšťúůýž',
  'áäčďéíĺľňóôŕšťúýž',
  'áéíóöőúüű',
  'ăâîșşțţ',
  'čćđšž',
  'çğıiöşüâîû',
  'āčēģīķļņšūž',
  'ąčęėįšųūž',
  'äõöüšž',
  'àçèéíïòóúü·',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
  'абвгдђежзијклљмнњопрстћуфхцчџш',
  'абвгдежзийклмнопрстуфхцчшщъьюя',
  'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ',
  'אבגדהוזחטיכךלמםנןסעפףצץקרשת',
  'ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى',
  'กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลวศษสหฬอฮะาำเแโใไๆ',
].map((letters) => new Set(letters));

const CYRILLIC_VOWELS = new Set('аеёиоуыэюяіїє');

/** Lower where words of an alphabet that writes its vowels have hardly any: Hebrew, read as if it were Russian. */
function spoken(counts: ReadonlyMap<string, number>): number {
  let letters = 0;
  let vowels = 0;
  for (const [letter, count] of counts) {
    if (alphabet(letter.charCodeAt(0)) !== 'cyrillic') continue;
    letters += count;
    if (CYRILLIC_VOWELS.has(letter)) vowels += count;
  }
  return letters === 0 || vowels > letters * 0.2 ? 1 : 0.5;
}

/** The share of letters beyond ASCII that the language knows which knows most of them. */
function ofOneLanguage(text: string): number {
  const counts = new Map<string, number>();
  let all = 0;
  for (const letter of text.toLowerCase().match(/[^\x00-\x7f]/gu) ?? []) {
    if (!LETTER.test(letter)) continue;
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
    all++;
  }
  if (all === 0) return 1;
  let most = 0;
  for (const language of LANGUAGES) {
    let known = 0;
    for (const [letter, count] of counts) if (language.has(letter)) known += count;
    most = Math.max(most, known);
  }
  return (most / all) * spoken(counts);
}

// Signs that stand by themselves in ordinary texts.
const COMMON_SIGNS = new Set('’‘“”„–—…•€£¥°§©®™«»¿¡·½¼²³µºª±×÷№\u00a0、。「」（），！？：；・ー％￥');
// Letters beyond ASCII that are words, in Latin alphabets.
const ONE_LETTER_WORDS = new Set('àâéèòóíæøöåÀÂÉÈÒÓÍÆØÖÅ');
// Signs that stand behind a word, never before one.
const BEHIND = new Set('©®™…²³');
// Letters that no alphabet of today has, or only as a stray: what a wrong reading is full of.
const ODD = /[\u0080-\u009f\ufffd\u2500-\u25ff\ue000-\uf8ff]/;

const OPENING = new Set('‘“„«¿¡');
const CLOSING = new Set('’”»ºª');
const OF_NUMBERS = new Set('°µ±×÷€£¥§²³½¼');
const IN_PLACE = 0.95;

/** How much a sign speaks for a reading: most where it stands as signs of its kind do. */
function pointsOf(sign: string, before: string, after: string): number {
  const behindWord = LETTER.test(before);
  const beforeWord = LETTER.test(after);
  const inWord = behindWord && beforeWord;
  if (BEHIND.has(sign) && beforeWord) return -1;
  if (!COMMON_SIGNS.has(sign)) return inWord ? -2 : -0.5;
  if (sign === '’' && inWord) return IN_PLACE;
  if (inWord) return -0.5;
  if (OPENING.has(sign) && !behindWord && /\S/.test(after)) return IN_PLACE;
  if (CLOSING.has(sign) && !beforeWord && /\S/.test(before)) return IN_PLACE;
  return OF_NUMBERS.has(sign) && /[\d\s[(]/.test(before + after) ? IN_PLACE : 0.6;
}

/** The alphabet of a letter, as far as one word is of one alphabet. */
function alphabet(code: number): string {
  if (code < 65) return 'none';
  if (code < 0x250 || (code >= 0x1e00 && code < 0x1f00)) return 'latin';
  if (code < 0x400) return 'greek';
  if (code < 0x530) return 'cyrillic';
  if (code < 0x600) return 'hebrew';
  if (code < 0x700) return 'arabic';
  if (code >= 0xe00 && code < 0xe80) return 'thai';
  return 'other';
}

/**
 * How much a reading looks like words, per character that is not ASCII: letters that stand in words of their
 * own alphabet and case speak for it; signs inside words, capitals behind small letters and characters that
 * nobody writes against it. At most 1.
 */
function plausibility(text: string): number {
  let points = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128) continue;
    count++;
    const character = text[at] ?? '';
    if (ODD.test(character)) {
      points -= 3;
      continue;
    }
    const before = text[at - 1] ?? ' ';
    const after = text[at + 1] ?? ' ';
    if (!LETTER.test(character) && !/\p{M}/u.test(character)) {
      points += pointsOf(character, before, after);
      continue;
    }
    const own = alphabet(code);
    // A letter of another alphabet stands in words of it; alone among Latin ones it is a sign misread.
    const alone =
      own !== 'latin' &&
      own !== 'other' &&
      ![before, after].some((near) => alphabet(near.charCodeAt(0)) === own);
    const single =
      own === 'latin' && !LETTER.test(before) && !LETTER.test(after) && !ONE_LETTER_WORDS.has(character);
    let point = alone || single ? 0.1 : 1;
    for (const neighbour of [before, after]) {
      if (LETTER.test(neighbour) && alphabet(neighbour.charCodeAt(0)) !== own) point -= 0.6;
    }
    if (UPPER.test(character) && LOWER.test(before)) point -= 2;
    if (LOWER.test(character) && UPPER.test(before) && UPPER.test(after)) point -= 1.5;
    points += point;
  }
  // Letters of several languages at once speak against a reading as much as half of its words being odd.
  return count === 0 ? 0 : points / count - 0.6 * (1 - ofOneLanguage(text));
}

const HANGUL = /[\uac00-\ud7a3]/;
const KANA = /[\u3040-\u30ff]/;

// Where the everyday characters of each encoding stand: the first levels of JIS X 0208, GB 2312 and Big5.
const EVERYDAY: Readonly<Record<string, (lead: number) => boolean>> = {
  shift_jis: (lead) => lead >= 0x81 && lead <= 0x97,
  'euc-jp': (lead) => lead >= 0xa1 && lead <= 0xcf,
  gb18030: (lead) => lead >= 0xb0 && lead <= 0xd7,
  big5: (lead) => lead >= 0xa4 && lead <= 0xc6,
  'euc-kr': (lead) => lead >= 0xb0 && lead <= 0xc8,
};

/** The share of a text's characters of two bytes that are everyday ones, and whether they look like its language. */
function everyday(encoding: string, sample: Uint8Array, text: string): number {
  const isEveryday = EVERYDAY[encoding] ?? (() => false);
  // The everyday characters of these two have no ASCII in them.
  const leastTrail = encoding === 'gb18030' || encoding === 'euc-kr' ? 0xa1 : 0;
  let pairs = 0;
  let common = 0;
  let end = -1;
  for (let at = 0; at < sample.byteLength; at++) {
    const lead = sample[at] ?? 0;
    if (lead < 0x80) continue;
    const isBehind = end === at;
    if (encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) {
      // Kana of half width are one byte each, and rare.
      pairs++;
      continue;
    }
    pairs++;
    const trail = sample[at + 1] ?? 0;
    const symbol = encoding !== 'shift_jis' && lead >= 0xa1 && lead <= 0xa3 && encoding !== 'big5';
    // A sign and an ASCII letter with nothing of the kind beside them are what they look like: `20 °C`, `5 µg`.
    const isLone = trail < 0x80 && !isBehind && (sample[at + 2] ?? 0) < 0x80;
    if (!isLone && ((isEveryday(lead) && trail >= leastTrail) || (symbol && trail >= 0xa1))) common++;
    at++;
    end = at + 1;
  }
  if (pairs === 0) return 0;
  const share = common / pairs;
  if (encoding === 'shift_jis' || encoding === 'euc-jp') return share * (KANA.test(text) ? 1 : 0.92);
  if (encoding === 'euc-kr') return share * (HANGUL.test(text) ? 1 : 0.7);
  return share * (KANA.test(text) || HANGUL.test(text) ? 0.7 : 0.95);
}

interface Candidate {
  readonly encoding: string;
  readonly score: number;
  readonly text: string;
}

/** A text with every encoding of one kind that can read all of it. */
function readings(encodings: readonly string[], sample: Uint8Array): { encoding: string; text: string }[] {
  return encodings.flatMap((encoding) => {
    try {
      return [{ encoding, text: decoding(encoding, { fatal: true }).next(sample, true) }];
    } catch (error) {
      if (error instanceof TypeError) return [];
      throw error;
    }
  });
}

const LINE_FEED = 10;
// How far lines with other bytes than ASCII are looked for behind the first.
const LOOKED_AT_BYTES = 4 * 1024 * 1024;

/** The lines that have other bytes than ASCII, for the others say nothing: whole, so that no character is cut. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const end = Math.min(bytes.byteLength, first + LOOKED_AT_BYTES);
  const lines: Uint8Array[] = [];
  let size = 0;
  for (let at = bytes.lastIndexOf(LINE_FEED, first) + 1; at < end && size < SAMPLE_BYTES; ) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const stop = feed < 0 ? bytes.byteLength : feed + 1;
    const line = bytes.subarray(at, Math.min(stop, at + SAMPLE_BYTES));
    at = stop;
    if (!line.some((byte) => byte >= 0x80)) continue;
    lines.push(line);
    size += line.byteLength;
  }
  return Buffer.concat(lines);
}

/** Bytes that UTF-8 cannot read, among many that only UTF-8 explains. */
function damagedUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[^\x00-\x7f\ufffd]/g)?.length ?? 0;
  return whole >= 4 * broken;
}

async function byLikelihood(sample: Uint8Array): Promise<Candidate[]> {
  // Loaded on demand: most texts are UTF-8, and the detector is larger than all else that reads them.
  const chardet = await import('chardet');
  const votes = new Map<string, number>();
  for (const { name, confidence } of chardet.analyse(sample)) {
    const label = LABELS[name] ?? name.toLowerCase();
    votes.set(label, Math.max(votes.get(label) ?? 0, confidence / 100));
  }
  const wide = readings(MULTI_BYTE, sample).map(({ encoding, text }) => ({
    encoding,
    text,
    score: everyday(encoding, sample, text),
  }));
  const narrow = readings(Object.keys(SINGLE_BYTE), sample).map(({ encoding, text }) => ({
    encoding,
    text,
    // The detector knows the letters that follow one another in a few languages; it decides between readings
    // that all look like words.
    score: plausibility(text) * 0.8 + (votes.get(encoding) ?? 0) * 0.2 + (SINGLE_BYTE[encoding] ?? 0),
  }));
  return [...wide, ...narrow].sort((a, b) => b.score - a.score);
}

// How much less likely a page of DOS is before one looked; and how much better its words must look.
const DOS_HANDICAP = 0.1;

/** The page of DOS that makes words of a text of which no other encoding does, if there is one. */
function dosPage(sample: Uint8Array, score: number): string | undefined {
  const [best] = Object.entries(DOS_PAGES)
    .map(([name, page]) => ({ name, score: plausibility(dosText(sample, page)) * 0.8 - DOS_HANDICAP }))
    .sort((a, b) => b.score - a.score);
  return best !== undefined && best.score > score ? best.name : undefined;
}

/**
 * Finds how a text is encoded: by its mark, by its zero bytes, by being valid UTF-8, and else by which reading
 * looks most like what people write. Looks at a bounded part of it, but for the check of UTF-8.
 */
export async function detectEncoding(bytes: Uint8Array): Promise<EncodingGuess> {
  const byMark = marked(bytes);
  if (byMark !== undefined) return byMark;
  const head = bytes.subarray(0, SAMPLE_BYTES - (SAMPLE_BYTES % 2));
  const wide = twoBytes(bytes.byteLength <= SAMPLE_BYTES ? bytes : head);
  if (wide !== undefined) return wide;
  if (isUtf8(bytes)) return { encoding: 'utf-8', confidence: 1, runnerUp: null, markBytes: 0 };
  const sample = sampleOf(bytes);
  if (damagedUtf8(sample)) return { encoding: 'utf-8', confidence: 0.9, runnerUp: null, markBytes: 0 };
  const [best, ...others] = await byLikelihood(sample);
  if (best === undefined) return { encoding: 'windows-1252', confidence: 0, runnerUp: null, markBytes: 0 };
  const dos = dosPage(sample, best.score);
  if (dos !== undefined) return { encoding: best.encoding, confidence: 0, runnerUp: dos, markBytes: 0 };
  // Encodings that read the same letters are no second opinion.
  const second = others.find(({ text }) => text !== best.text);
  const share =
    second === undefined || best.score <= 0 ? 0 : Math.max(0, Math.min(1, second.score / best.score));
  return {
    encoding: best.encoding,
    confidence: Math.round((1 - share) * 100) / 100,
    runnerUp: share > CLOSE ? (second?.encoding ?? null) : null,
    markBytes: 0,
  };
}
