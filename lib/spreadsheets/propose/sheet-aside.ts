import { plainText } from '../words/plain-text.ts';
import { wordsIn } from '../words/words.ts';
import type { TableFacts } from './table-facts.ts';

/** What sheets are called that explain others, in plain words. */
const EXPLAINS: ReadonlySet<string> = new Set(
  [
    'note notes readme legend legends key help instructions instruction guide manual about cover glossary changelog',
    'hinweis hinweise anleitung legende erlauterung erlauterungen hilfe liesmich deckblatt glossar anmerkungen',
    'notice remarque remarques aide explication explications lisezmoi glossaire',
    'nota notas leyenda ayuda instrucciones leame glosario observaciones legenda istruzioni leggimi aiuto glossario avvertenze instrucoes ajuda leiame observacoes',
    'notlar aciklama aciklamalar yardim uwagi objasnienia pomoc poznamky vysvetlivky toelichting opmerkingen',
    'примечания примечание справка инструкция легенда пояснения ملاحظات تعليمات شرح הערות הוראות σημειωσεις οδηγιες',
    '说明 說明 填写说明 备注 備註 图例 凡例 説明 注意事項 備考 설명 안내 참고',
  ]
    .join(' ')
    .split(' ')
    .map(plainText),
);

/** The table of a legend is this much smaller than the data that it explains. */
const SMALLER = 4;

export const cellsOf = (tables: readonly TableFacts[]): number =>
  tables.reduce((sum, { rows, columns }) => sum + rows * columns.length, 0);

const holdsValues = ({ columns }: TableFacts): boolean =>
  columns.some(({ numbers, dates }) => numbers + dates > 0);

/**
 * Whether a sheet explains the data of others rather than having some: by its name, or because it is a short list
 * of words and their meaning. `largest` is the number of cells of the largest sheet; that one is data whatever it
 * is called.
 */
export function isAside(name: string, tables: readonly TableFacts[], largest: number): boolean {
  const cells = cellsOf(tables);
  if (cells >= largest) return false;
  if (wordsIn(plainText(name)).some((word) => EXPLAINS.has(word))) return true;
  const isList = tables.every((table) => table.columns.length === 2 && !holdsValues(table));
  return isList && cells * SMALLER <= largest;
}
