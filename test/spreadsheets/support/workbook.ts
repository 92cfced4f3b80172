import { type ZipPart, zip } from './zip.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

export interface WorkbookXml {
  /** Content of `sheetData`, per sheet. */
  sheets: string[];
  /** Content of `sst`. */
  strings?: string;
  /** Content of `styleSheet`. */
  styles?: string;
  /** Attributes of `workbookPr`. */
  properties?: string;
  /** Attributes of the sheets in the workbook part. */
  states?: string[];
  activeTab?: number;
  /** Changes parts before they are packed. */
  change?: (part: ZipPart) => ZipPart;
  main?: string;
  office?: string;
}

/** The parts of a workbook written by hand, with nothing in it that is not asked for. */
export function workbookParts(xml: WorkbookXml): ZipPart[] {
  const { main = MAIN, office = OFFICE } = xml;
  const sheets = xml.sheets.map((_, at) => {
    const state = xml.states?.[at] ?? '';
    return `<sheet name="Sheet${at + 1}" sheetId="${at + 1}" r:id="rId${at + 1}" ${state}/>`;
  });
  const relations = xml.sheets.map(
    (_, at) =>
      `<Relationship Id="rId${at + 1}" Type="${office}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  relations.push(`<Relationship Id="rIdS" Type="${office}/styles" Target="/xl/styles.xml"/>`);
  relations.push(`<Relationship Id="rIdT" Type="${office}/sharedStrings" Target="sharedStrings.xml"/>`);
  const parts: ZipPart[] = [
    {
      name: '_rels/.rels',
      content: `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr ${xml.properties ?? ''}/><bookViews><workbookView activeTab="${xml.activeTab ?? 0}"/></bookViews><sheets>${sheets.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships xmlns="${PACKAGE}">${relations.join('')}</Relationships>`,
    },
    { name: 'xl/styles.xml', content: `<styleSheet xmlns="${main}">${xml.styles ?? ''}</styleSheet>` },
    { name: 'xl/sharedStrings.xml', content: `<sst xmlns="${main}">${xml.strings ?? ''}</sst>` },
    ...xml.sheets.map((data, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      content: data.startsWith('<?xml')
        ? data
        : `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`,
    })),
  ];
  return xml.change === undefined ? parts : parts.map(xml.change);
}

export const workbookBytes = (xml: WorkbookXml): Buffer => zip(workbookParts(xml));

/** Rows of inline texts and numbers as `sheetData`. */
export function sheetData(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows
    .map((row, at) => {
      const cells = row.map((value) => {
        if (value === null) return '<c/>';
        return typeof value === 'number'
          ? `<c><v>${value}</v></c>`
          : `<c t="inlineStr"><is><t>${value}</t></is></c>`;
      });
      return `<row r="${at + 1}">${cells.join('')}</row>`;
    })
    .join('');
}
