import { attribute, type RawXml, tags } from '../read/ooxml/xml-text.ts';

/** How a cell looks where that is not how cells of its workbook look by default. Colours are `#RRGGBB`. */
export interface CellLook {
  readonly bgColor: string | null;
  readonly textColor: string | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly horizontalAlign: string | null;
  readonly wrapText: boolean;
}

/** The elements of this name in the first list of that one, each whole, in order; read once from front to back. */
function elements(xml: RawXml, list: string, name: string): string[] {
  const open = new RegExp(`<((?:[\\w.-]+:)?)${list}[\\s>]`).exec(xml);
  if (open === null) return [];
  const prefix = open[1] ?? '';
  const end = xml.indexOf(`</${prefix}${list}`, open.index);
  const whole = xml.slice(open.index, end < 0 ? open.index : end);
  const found: string[] = [];
  const opening = new RegExp(`<${prefix.replaceAll('.', '\\.')}${name}(?=[\\s/>])[^<>]*>`, 'g');
  for (let tag = opening.exec(whole); tag !== null; tag = opening.exec(whole)) {
    const close = tag[0].endsWith('/>')
      ? tag.index + tag[0].length
      : whole.indexOf(`</${prefix}${name}`, tag.index);
    if (close < 0) break;
    found.push(whole.slice(tag.index, close));
    opening.lastIndex = close;
  }
  return found;
}

const isOn = (xml: string, name: string): boolean => {
  const tag = tags(xml, name)[0];
  return tag !== undefined && !['0', 'false', 'none'].includes(attribute(tag, 'val') ?? '1');
};

// A theme lists dark colours first, where cells count light ones first.
const THEME = ['lt1', 'dk1', 'lt2', 'dk2', 'accent1', 'accent2', 'accent3', 'accent4', 'accent5', 'accent6'];

/** The colours of a theme in the order in which cells count them. */
export function themeColours(theme: RawXml): (string | null)[] {
  return THEME.map((name) => {
    const found = new RegExp(`<(?:[\\w.-]+:)?${name}>\\s*<[^>]*?(?:lastClr|val)="([0-9a-fA-F]{6})"`).exec(
      theme,
    );
    return found?.[1] ?? null;
  });
}

/** A channel made darker below 0 and lighter above, as far as 1 goes. */
const tinted = (channel: number, tint: number): number =>
  Math.round(tint < 0 ? channel * (1 + tint) : channel + (255 - channel) * tint);

function colourOf(tag: string | undefined, theme: readonly (string | null)[]): string | null {
  if (tag === undefined) return null;
  const rgb = attribute(tag, 'rgb')?.slice(-6) ?? theme[Number(attribute(tag, 'theme') ?? -1)];
  if (rgb === undefined || rgb === null || !/^[0-9a-fA-F]{6}$/.test(rgb)) return null;
  const tint = Math.max(-1, Math.min(1, Number(attribute(tag, 'tint') ?? 0) || 0));
  const channels = [0, 2, 4].map((at) => tinted(Number.parseInt(rgb.slice(at, at + 2), 16), tint));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}

/**
 * How cells of each style look, by the style's place: undefined where that is how they look by default. Colours of
 * the palette that programs of the last century had are not told.
 */
export function cellLooks(styles: RawXml, theme: RawXml): (CellLook | undefined)[] {
  const colours = themeColours(theme);
  const fonts = elements(styles, 'fonts', 'font').map((font) => ({
    bold: isOn(font, 'b'),
    italic: isOn(font, 'i'),
    textColor: colourOf(tags(font, 'color')[0], colours),
  }));
  const fills = elements(styles, 'fills', 'fill').map((fill) => {
    const isSolid = tags(fill, 'patternFill').some((tag) => attribute(tag, 'patternType') === 'solid');
    return isSolid ? colourOf(tags(fill, 'fgColor')[0], colours) : null;
  });
  const looks = elements(styles, 'cellXfs', 'xf').map((style): CellLook => {
    const at = (name: string): number => Number(attribute(style, name) ?? 0);
    const alignment = tags(style, 'alignment')[0];
    const horizontal = alignment === undefined ? undefined : attribute(alignment, 'horizontal');
    const wraps = alignment === undefined ? undefined : attribute(alignment, 'wrapText');
    return {
      bgColor: fills[at('fillId')] ?? null,
      textColor: fonts[at('fontId')]?.textColor ?? null,
      bold: fonts[at('fontId')]?.bold ?? false,
      italic: fonts[at('fontId')]?.italic ?? false,
      horizontalAlign: horizontal === undefined || horizontal === 'general' ? null : horizontal,
      wrapText: wraps === '1' || wraps === 'true',
    };
  });
  const usual = looks[0];
  return looks.map((look) => {
    const textColor = look.textColor === usual?.textColor ? null : look.textColor;
    const own = { ...look, textColor };
    const isPlain = Object.values(own).every((value) => value === null || value === false);
    return isPlain ? undefined : own;
  });
}
