import { builtinFormat, type NumberFormat, numberFormat } from '../number-format.ts';
import { attribute, element, tags } from './xml-text.ts';

/**
 * What each cell style of the workbook makes of a number, by style index. Formats of differential styles
 * (`dxfs`) have numbers of their own, which say nothing of cells.
 */
export function styleFormats(xml: string): NumberFormat[] {
  const codes = new Map<number, NumberFormat>();
  for (const tag of tags(element(xml, 'numFmts'), 'numFmt')) {
    codes.set(Number(attribute(tag, 'numFmtId')), numberFormat(attribute(tag, 'formatCode') ?? ''));
  }
  return tags(element(xml, 'cellXfs'), 'xf').map((tag) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0);
    return codes.get(id) ?? builtinFormat(id);
  });
}
