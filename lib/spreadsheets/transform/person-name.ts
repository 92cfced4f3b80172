/** Legal forms that no name of a person has as a word; compared in lower case and without dots. */
const LEGAL_FORMS: ReadonlySet<string> = new Set([
  ...['gmbh', 'mbh', 'ggmbh', 'kg', 'kgaa', 'ohg', 'gbr', 'ug', 'ev', 'eg', 'ek', 'gesmbh'],
  ...['ltd', 'limited', 'llc', 'llp', 'inc', 'incorporated', 'corp', 'corporation', 'plc', 'pty', 'pvt'],
  ...['sarl', 'sàrl', 'sas', 'sasu', 'eurl', 'snc', 'scop', 'spa', 'srl', 'srls', 'sapa', 'slu', 'sccl'],
  ...['bv', 'nv', 'vof', 'bvba', 'cvba', 'oyj', 'abp', 'aps', 'asa', 'hf', 'ehf', 'kft', 'zrt', 'nyrt', 'bt'],
  ...['sro', 'spol', 'doo', 'ood', 'eood', 'ltda', 'eireli', 'sadecv', 'cv', 'sdn', 'bhd', 'tbk'],
  ...['şti', 'aş', 'ооо', 'оао', 'зао', 'пао', 'ао', 'ип', 'тов', 'еоод', 'оод', 'аед'],
]);

/** Legal forms that are names in other letters: only as they are written here. */
const WRITTEN_FORMS: ReadonlySet<string> = new Set([
  ...[
    'AG',
    'SE',
    'SA',
    'S.A.',
    'SL',
    'S.L.',
    'AB',
    'AS',
    'A.S.',
    'A/S',
    'Oy',
    'OY',
    'PT',
    'Co',
    'Co.',
    'CO.',
  ],
  ...['a.s.', 'e.V.', 'AE', 'ΑΕ', 'Α.Ε.', 'ΕΠΕ', 'OÜ', 'UAB', 'SIA', 'Tic.', 'San.', 'z.o.o.'],
]);

// Such languages write them next to the name, without a space.
const ATTACHED_FORM =
  /株式会社|有限会社|合同会社|\(株\)|（株）|㈱|公司|集团|集團|주식회사|유한회사|\(주\)|（주）|㈜|شركة|مؤسسة|בע["״']מ/u;

/** Words of firms and bodies that are hardly ever a person's. */
const BODIES: ReadonlySet<string> = new Set([
  ...['company', 'group', 'holding', 'holdings', 'partners', 'associates', 'foundation', 'association'],
  ...['university', 'college', 'hospital', 'ministry', 'department', 'services', 'solutions', 'systems'],
  ...[
    'stiftung',
    'verein',
    'gesellschaft',
    'genossenschaft',
    'gruppe',
    'gemeinde',
    'universität',
    'söhne',
    'sons',
  ],
  ...[
    'société',
    'fondation',
    'université',
    'fils',
    'frères',
    'compañía',
    'fundación',
    'hermanos',
    'hijos',
    'filhos',
    'figli',
    'sociedad',
  ],
  ...[
    'universidad',
    'universidade',
    'fundação',
    'companhia',
    'società',
    'fondazione',
    'università',
    'fratelli',
  ],
]);

// Figures and signs that addresses, remarks and e-mail addresses have, and names have not.
const FOREIGN_SIGN = /[\p{N}@/+:;!?#%*=<>{}[\]|\\"“”„«»_]/u;

/** Characters of a text that is a sentence rather than a name. */
const MAX_NAME_CHARACTERS = 100;

const isWordOfFirm = (word: string): boolean => {
  if (WRITTEN_FORMS.has(word)) return true;
  const plain = word.replaceAll('.', '').toLowerCase();
  return LEGAL_FORMS.has(plain) || BODIES.has(plain);
};

/** Whether a text, its white space cleaned, names a firm or another body: `&`, a legal form, a word of bodies. */
export function isFirmName(name: string): boolean {
  if (name.includes('&') || ATTACHED_FORM.test(name)) return true;
  // `sp. z o.o.` and `sp. j.` are forms in two words.
  return name.split(/[\s,]+/).some(isWordOfFirm) || /(?:^|\s)sp\.\s?(?:z\s|j\.|k\.)/i.test(name);
}

/**
 * Whether a text, its white space cleaned, may be the name of one person: it names no firm, and has no figures
 * or signs that names have not. A text that says neither way may be.
 */
export const isPersonName = (name: string): boolean =>
  name.length <= MAX_NAME_CHARACTERS && !FOREIGN_SIGN.test(name) && !isFirmName(name);
