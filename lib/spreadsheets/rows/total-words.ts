import { calendarNames, plainWord } from '../transform/reading/month-names.ts';

const wordsOf = (text: string): string[] => (text.match(/[\p{L}\p{M}]+/gu) ?? []).map(plainWord);

/** Words that a row of totals begins with, as plain words; those of languages without spaces stand below. */
const TOTALS: ReadonlySet<string> = new Set(
  [
    ...['total', 'totals', 'subtotal', 'subtotals', 'sum', 'sums', 'overall'],
    ...[
      'summe',
      'gesamt',
      'gesamtsumme',
      'zwischensumme',
      'endsumme',
      'gesamtbetrag',
      'insgesamt',
      'endbetrag',
    ],
    ...[
      'somme',
      'totaux',
      'soustotal',
      'totale',
      'totali',
      'subtotale',
      'somma',
      'complessivo',
      'totais',
      'soma',
    ],
    ...['totales', 'suma', 'sumas', 'totaal', 'subtotaal', 'som', 'summa', 'delsumma', 'totalt', 'yhteensa'],
    ...[
      'välisumma',
      'kokku',
      'kopa',
      'viso',
      'razem',
      'ogolem',
      'lacznie',
      'celkem',
      'celkom',
      'spolu',
      'soucet',
    ],
    ...['skupaj', 'ukupno', 'osszesen', 'vegosszeg', 'reszosszeg', 'toplam', 'toplami', 'yekun', 'jumlah'],
    ...[
      'итого',
      'всего',
      'итог',
      'подытог',
      'сумма',
      'разом',
      'усього',
      'общо',
      'всичко',
      'укупно',
      'συνολο',
    ],
    ...['المجموع', 'مجموع', 'الإجمالي', 'الاجمالي', 'إجمالي', 'اجمالي', 'סהכ', 'כולל'],
  ].map(plainWord),
);
const UNSPACED = /合计|合計|总计|總計|総計|小计|小計|合共|합계|총계|소계|총합|รวม|סה["״']כ/u;

/** Words that stand beside them and say no more than of what. */
const BESIDE: ReadonlySet<string> = new Set(
  [
    ...[
      'grand',
      'general',
      'generale',
      'geral',
      'globale',
      'global',
      'gesamt',
      'genel',
      'ara',
      'sous',
      'sub',
    ],
    ...[
      'of',
      'for',
      'the',
      'de',
      'du',
      'des',
      'del',
      'della',
      'do',
      'da',
      'dos',
      'der',
      'die',
      'das',
      'per',
      'pro',
    ],
    ...[
      'en',
      'in',
      'et',
      'and',
      'und',
      'ht',
      'ttc',
      'netto',
      'brutto',
      'net',
      'gross',
      'eur',
      'usd',
      'gbp',
      'chf',
    ],
    ...['parcial', 'parziale', 'partiel', 'mes', 'mois', 'monat', 'month', 'mese', 'amount', 'sum', 'betrag'],
    ...['i', 'alt', 'allt', 'العام', 'الكلي', 'الفرعي'],
  ].map(plainWord),
);

/** How sure a label is one of totals: by all its words, by one of them, or not at all. */
export function totalLabel(label: string): 'all' | 'some' | 'none' {
  if (UNSPACED.test(label)) return 'all';
  const words = wordsOf(label);
  // What begins or ends otherwise only speaks of totals.
  const isTotal = (word: string | undefined): boolean => word !== undefined && TOTALS.has(word);
  if (/^[Σ∑]/u.test(label)) return 'all';
  if (!words.some(isTotal)) return 'none';
  const others = words.filter((word) => !isTotal(word) && !BESIDE.has(word));
  const { months } = calendarNames();
  if (others.every((word) => months.has(word))) return 'all';
  return others.length <= 3 && (isTotal(words[0]) || isTotal(words.at(-1))) ? 'some' : 'none';
}

const NOTE_WORDS: ReadonlySet<string> = new Set(
  [
    ...['note', 'notes', 'nb', 'remark', 'remarks', 'source', 'disclaimer', 'legend', 'key', 'footnote'],
    ...['hinweis', 'hinweise', 'anmerkung', 'anmerkungen', 'anm', 'bemerkung', 'quelle', 'stand', 'legende'],
    ...['remarque', 'remarques', 'nota', 'notas', 'observaciones', 'observacao', 'fuente', 'fonte', 'uwaga'],
    ...[
      'opmerking',
      'bron',
      'poznamka',
      'zdroj',
      'megjegyzes',
      'forras',
      'примечание',
      'источник',
      'примітка',
    ],
    ...['ملاحظة', 'ملاحظات', 'المصدر', 'הערה'],
  ].map(plainWord),
);
const NOTE_SIGN = /^(?:[*†‡※§¹²³⁴]|\(?\d{1,2}\)|\([a-z*]\)|注|备注|備考|주:|비고)/u;

/** What is looked at of a remark: it may be as long as a cell holds. */
const MAX_CHARACTERS = 500;

/** Whether a text that stands alone in a row of so many columns is a remark rather than a value. */
export function isNote(text: string, columns: number): boolean {
  if (NOTE_SIGN.test(text)) return true;
  const words = wordsOf(text.slice(0, MAX_CHARACTERS));
  if (NOTE_WORDS.has(words[0] ?? '') && (words.length > 1 || /[:：]/u.test(text))) return true;
  // In a narrow table a value may stand alone too.
  if (columns < 3) return false;
  const isUnspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u.test(text);
  if (isUnspaced) return text.length >= 8 || /[。：]/u.test(text);
  return words.length >= 3 || (words.length === 2 && /[.:!]$/.test(text));
}
