import { tooLarge } from '../../failure.ts';
import { MAX_CHARACTERS } from '../../limits.ts';
import { richText } from './rich-text.ts';
import { closedParts, rawXmlOf, rootPrefix } from './xml-text.ts';

/** The workbook's shared strings, in order. */
export async function readSharedStrings(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const strings: string[] = [];
  let prefix = '';
  let characters = 0;
  const parts = closedParts(rawXmlOf(chunks), (head) => {
    prefix = rootPrefix(head, 'sst');
    return `${prefix}si`;
  });
  for await (const xml of parts) {
    const open = `<${prefix}si`;
    const close = `</${prefix}si`;
    let at = 0;
    for (;;) {
      const start = xml.indexOf(open, at);
      if (start < 0) break;
      const body = xml.indexOf('>', start) + 1;
      if (body === 0) break;
      if (xml[body - 2] === '/') {
        strings.push('');
        at = body;
        continue;
      }
      const end = xml.indexOf(close, body);
      if (end < 0) break;
      const text = richText(xml, body, end, prefix);
      characters += text.length;
      if (characters > MAX_CHARACTERS) throw tooLarge('The workbook holds more text than is read.');
      strings.push(text);
      at = end + close.length;
    }
  }
  return strings;
}
