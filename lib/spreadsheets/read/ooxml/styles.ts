import { builtinKind, formatKind, type NumberKind } from '../number-format.ts';
import { attribute, tags } from './xml-text.ts';

/** What each cell style of the workbook makes of a number, by style index. */
export function styleKinds(xml: string): NumberKind[] {
  const codes = new Map<number, NumberKind>();
  for (const tag of tags(xml, 'numFmt')) {
    codes.set(Number(attribute(tag, 'numFmtId')), formatKind(attribute(tag, 'formatCode') ?? ''));
  }
  const cellStyles = /<(?:[\w.-]+:)?cellXfs[\s>][\s\S]*?<\/(?:[\w.-]+:)?cellXfs>/.exec(xml)?.[0] ?? '';
  return tags(cellStyles, 'xf').map((tag) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0);
    return codes.get(id) ?? builtinKind(id);
  });
}
