/**
 * Languages whose names of months are known. Croatian is not among them: its `listopad` is October, where it is
 * November in others.
 */
const LANGUAGES = [
  ...['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi', 'is', 'et', 'lv', 'lt', 'ca', 'ro'],
  ...['pl', 'cs', 'sk', 'sl', 'hu', 'tr', 'ru', 'uk', 'bg', 'el', 'id', 'ar', 'he'],
];

// Spellings that the tables of languages have not.
const MORE: readonly [string, number][] = [
  ['sept', 9],
  ['jänner', 1],
  ['maerz', 3],
];

// What takes longest to compare is written in few words: those of a column of dates, or of yes and no.
const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

/** A word as it is compared: lower case, without dots and diacritics. */
export function plainWord(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const plain = stripped(word);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(word, plain);
  return plain;
}

const stripped = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}.]/gu, '')
    .replaceAll('ı', 'i')
    .trim();

interface Names {
  readonly months: ReadonlyMap<string, number>;
  readonly weekdays: ReadonlySet<string>;
}

function collect(): Names {
  const months = new Map<string, number>();
  const weekdays = new Set<string>();
  const clashes = new Set<string>();
  const add = (name: string, month: number): void => {
    const word = plainWord(name);
    if (!/^\p{L}{2,}$/u.test(word)) return;
    if ((months.get(word) ?? month) !== month) clashes.add(word);
    months.set(word, month);
  };
  for (const language of LANGUAGES) {
    for (const width of ['long', 'short'] as const) {
      const utc = { timeZone: 'UTC', calendar: 'gregory' } as const;
      // Many languages have another form of a month beside a day.
      const forms = [
        new Intl.DateTimeFormat(language, { ...utc, month: width }),
        new Intl.DateTimeFormat(language, { ...utc, month: width, day: 'numeric' }),
      ];
      for (let month = 1; month <= 12; month++) {
        for (const form of forms) {
          const part = form.formatToParts(Date.UTC(2024, month - 1, 1)).find(({ type }) => type === 'month');
          add(part?.value ?? '', month);
        }
      }
      const weekday = new Intl.DateTimeFormat(language, { ...utc, weekday: width });
      for (let day = 1; day <= 7; day++) weekdays.add(plainWord(weekday.format(Date.UTC(2024, 0, day))));
    }
  }
  for (const [name, month] of MORE) add(name, month);
  // A name that means two months says none.
  for (const word of clashes) months.delete(word);
  return { months, weekdays };
}

let known: Names | undefined;

/** Names of months and weekdays in many languages, as plain words; made when first asked for. */
export function calendarNames(): Names {
  known ??= collect();
  return known;
}
