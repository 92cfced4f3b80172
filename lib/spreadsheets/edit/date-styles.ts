import { attribute, element, type RawXml, tags } from '../read/ooxml/xml-text.ts';
import { escapeAttribute, NUMBER_FORMATS } from '../write/cell-xml.ts';

// Ids below 164 belong to the formats every program knows by number.
const FIRST_OWN_FORMAT = 164;

const OPEN = (name: string): RegExp => new RegExp(`<((?:[\\w.-]+:)?)${name}(\\s[^>]*[^>/]|\\s*)>`);

/** An element's opening tag with another count. */
const counted = (tag: string, count: number): string =>
  tag.replace(/\scount\s*=\s*(?:"[^"]*"|'[^']*')/, '').replace(/>$/, ` count="${count}">`);

/** Adds children to the end of the first element of this name; undefined where there is none with content. */
function appended(xml: RawXml, name: string, child: string, children: readonly string[]): string | undefined {
  const open = OPEN(name).exec(xml);
  if (open === null) return undefined;
  const [tag = '', prefix = ''] = open;
  const whole = element(xml, name);
  const close = open.index + whole.length;
  const count = tags(whole, child).length + children.length;
  return (
    xml.slice(0, open.index) +
    counted(tag, count) +
    xml.slice(open.index + tag.length, close) +
    children.map((text) => text.replaceAll('<', `<${prefix}`)).join('') +
    xml.slice(close)
  );
}

/** Whether a style sheet ends with our styles already: a run, or an edit, wrote it. */
function endsWithOurs(styles: RawXml, cells: readonly string[]): boolean {
  const codes = new Map(
    tags(styles, 'numFmt').map((tag) => [attribute(tag, 'numFmtId'), attribute(tag, 'formatCode')]),
  );
  const formats = Object.values(NUMBER_FORMATS);
  const last = cells.slice(-formats.length);
  return (
    last.length === formats.length &&
    formats.every(({ code }, at) => codes.get(attribute(last[at] ?? '', 'numFmtId')) === code)
  );
}

/**
 * A style sheet with our formats of dates and times behind its own, and the place of the first of them less one.
 * Undefined where it has no list of cell styles to be added to: then nothing in the workbook has a date's format.
 */
export function withDateStyles(styles: RawXml): { xml: RawXml; base: number } | undefined {
  const formats = Object.values(NUMBER_FORMATS);
  const used = tags(styles, 'numFmt').map((tag) => Number(attribute(tag, 'numFmtId') ?? 0));
  const first = Math.max(FIRST_OWN_FORMAT - 1, ...used.filter(Number.isSafeInteger));
  const codes = formats.map(
    ({ style, code }) => `<numFmt numFmtId="${first + style}" formatCode="${escapeAttribute(code)}"/>`,
  );
  const cells = formats.map(
    ({ style }) =>
      `<xf numFmtId="${first + style}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  );
  const present = tags(element(styles, 'cellXfs'), 'xf');
  const own = present.length;
  if (endsWithOurs(styles, present)) return { xml: styles, base: own - formats.length - 1 };
  const withCells = appended(styles, 'cellXfs', 'xf', cells);
  if (withCells === undefined || own === 0) return undefined;
  return { xml: appended(withCells, 'numFmts', 'numFmt', codes) ?? begun(withCells, codes), base: own - 1 };
}

/** Formats of numbers stand first in a style sheet. */
function begun(xml: RawXml, codes: readonly string[]): RawXml {
  const open = OPEN('styleSheet').exec(xml);
  if (open === null) return xml;
  const [tag = '', prefix = ''] = open;
  const list = `<numFmts count="${codes.length}">${codes.join('')}`.replaceAll('<', `<${prefix}`);
  const at = open.index + tag.length;
  return `${xml.slice(0, at)}${list}</${prefix}numFmts>${xml.slice(at)}`;
}
