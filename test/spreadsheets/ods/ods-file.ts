import { type ZipPart, zip } from '../support/zip.ts';

const SPACES = ['office', 'table', 'text', 'style', 'config', 'manifest']
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .concat(
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"',
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
  )
  .join(' ');

export interface OdsXml {
  /** What stands between the spreadsheet's tags. */
  body: string;
  /** Content of the automatic styles. */
  automatic?: string;
  /** Content of the common styles; there is no `styles.xml` without it. */
  styles?: string;
  /** The sheet that the settings name. */
  active?: string;
  /** Content of the manifest. */
  manifest?: string;
  more?: ZipPart[];
}

/** An OpenDocument spreadsheet written by hand, with nothing in it that is not asked for. */
export function odsBytes({ body, automatic = '', styles, active, manifest, more = [] }: OdsXml): Buffer {
  const parts: ZipPart[] = [
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    {
      name: 'content.xml',
      content: `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${SPACES}><office:automatic-styles>${automatic}</office:automatic-styles><office:body><office:spreadsheet>${body}</office:spreadsheet></office:body></office:document-content>`,
    },
  ];
  if (styles !== undefined) {
    const content = `<office:document-styles ${SPACES}><office:styles>${styles}</office:styles></office:document-styles>`;
    parts.push({ name: 'styles.xml', content });
  }
  if (active !== undefined) {
    const content = `<office:document-settings ${SPACES}><config:config-item config:name="ActiveTable" config:type="string">${active}</config:config-item></office:document-settings>`;
    parts.push({ name: 'settings.xml', content });
  }
  if (manifest !== undefined) {
    const content = `<manifest:manifest ${SPACES}>${manifest}</manifest:manifest>`;
    parts.push({ name: 'META-INF/manifest.xml', content });
  }
  return zip([...parts, ...more]);
}

/** A table of these rows. */
export const table = (rows: string, attributes = 'table:name="S"'): string =>
  `<table:table ${attributes}>${rows}</table:table>`;

export const row = (cells: string, attributes = ''): string =>
  `<table:table-row ${attributes}>${cells}</table:table-row>`;

/** A cell with a text, of paragraphs or of plain words. */
export const text = (content: string, attributes = ''): string =>
  `<table:table-cell office:value-type="string" ${attributes}>${content.startsWith('<') ? content : `<text:p>${content}</text:p>`}</table:table-cell>`;

/** A cell with a number, shown as it is stored. */
export const number = (value: number | string, attributes = ''): string =>
  `<table:table-cell office:value-type="float" office:value="${value}" ${attributes}><text:p>${value}</text:p></table:table-cell>`;
