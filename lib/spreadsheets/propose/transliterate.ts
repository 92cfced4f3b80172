import { plainText } from '../words/plain-text.ts';

const pairs = (letters: string): [string, string][] =>
  letters.split(' ').map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]);

/** Letters of other alphabets by how they are read; what has no sound is nothing. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ...pairs(
    'аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ьs эe юyu яya',
  ),
  ...pairs('іi їi єye ґg ўu ђdj јj љlj њnj ћc џdz ѓg ќk ѕdz'),
  ...pairs('αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo'),
  ...pairs(
    'اa أa إi آa ءa ؤu ئy بb تt ثth جj حh خkh دd ذdh رr زz سs شsh صs ضd طt ظz عa غgh فf قq كk لl مm نn هh ةa وw يy ىa پp چch ژzh گg کk یy',
  ),
  ...pairs('אa בb גg דd הh וv זz חh טt יy כk ךk לl מm םm נn ןn סs עa פp ףp צts ץts קk רr שsh תt'),
]);
const SILENT: ReadonlySet<string> = new Set(['ь', 'ъ']);

const INITIALS = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const MEDIALS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const FINALS = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

function syllable(code: number): string {
  const at = code - FIRST_SYLLABLE;
  return `${INITIALS[Math.floor(at / 588)] ?? ''}${MEDIALS[Math.floor((at % 588) / 28)] ?? ''}${FINALS[at % 28] ?? ''}`;
}

function letter(sign: string): string {
  if (SILENT.has(sign)) return '';
  const code = sign.codePointAt(0) ?? 0;
  if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) return syllable(code);
  return LETTERS.get(sign) ?? sign;
}

/** A text in small Latin letters where its script is one that is read letter by letter; other signs stay. */
export const transliterate = (text: string): string => Array.from(plainText(text), letter).join('');
