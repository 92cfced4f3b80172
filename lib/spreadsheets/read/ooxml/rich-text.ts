import { decodeBytes, decodeOoxml, type RawXml } from './xml-text.ts';

const SLASH = 47;
const CDATA = '<![CDATA[';

/** Text between two tags from `from` on, CDATA sections included, and where it stops. */
export function characterData(xml: RawXml, from: number, to: number): { text: string; end: number } {
  let text = '';
  let at = from;
  for (;;) {
    const next = xml.indexOf('<', at);
    if (next < 0 || next >= to) return { text: text + decodeOoxml(xml.slice(at, to)), end: to };
    if (next > at) text += decodeOoxml(xml.slice(at, next));
    if (!xml.startsWith(CDATA, next)) return { text, end: next };
    const close = xml.indexOf(']]>', next);
    if (close < 0) return { text, end: to };
    text += decodeBytes(xml.slice(next + CDATA.length, close));
    at = close + 3;
  }
}

/**
 * The visible text of a string item (`si` or `is`): all its runs, without the phonetic ones. `prefix` is the
 * namespace prefix with its colon.
 */
export function richText(xml: RawXml, from: number, to: number, prefix: string): string {
  let text = '';
  let at = from;
  while (at < to) {
    const open = xml.indexOf('<', at);
    if (open < 0 || open >= to) break;
    const name = open + 1 + prefix.length;
    const close = xml.indexOf('>', name);
    if (close < 0 || close >= to) break;
    at = close + 1;
    if (xml.charCodeAt(open + 1) === SLASH || xml.charCodeAt(close - 1) === SLASH) continue;
    const after = xml.charCodeAt(name + 1);
    // `t`, with attributes or without, but not `tabColor` or any other name that starts with a t.
    if (xml.charCodeAt(name) === 116 && (after === 62 || after <= 32)) {
      const data = characterData(xml, at, to);
      text += data.text;
      at = data.end;
    } else if (xml.startsWith('rPh', name)) {
      const end = xml.indexOf(`</${prefix}rPh>`, at);
      at = end < 0 ? to : end;
    }
  }
  return text;
}
