import { unreadable } from '../../failure.ts';
import type { ReadFinding } from '../../findings.ts';
import { MAX_SHEET_NAME } from '../../limits.ts';
import { type HeldSheet, heldReader } from '../held-reader.ts';
import type { WorkbookReader } from '../reader.ts';
import { type CodePages, codePages, parseHeld } from '../sheetjs.ts';
import { earlierReader } from '../sheetjs-reader.ts';
import { type BiffBook, type BiffTab, biffBook } from './biff-book.ts';

function nameOf({ name, isWide }: BiffTab, { codePage }: BiffBook, { utils }: CodePages): string {
  if (isWide) return name.toString('utf16le');
  return codePage === null ? name.toString('latin1') : utils.decode(codePage, name);
}

const missingSheet = (name: string): ReadFinding => ({
  code: 'missing_sheet',
  message: `The workbook names the sheet ${name} and does not hold it; it was left out. Save the file again as .xlsx.`,
  at: name,
  count: null,
  meta: null,
});

const codePageFindings = ({ unknownCodePage }: BiffBook): ReadFinding[] =>
  unknownCodePage === null
    ? []
    : [
        {
          code: 'ambiguous_encoding',
          message: `The workbook's texts are in the code page ${unknownCodePage}, which is not known; they were read as those of western Windows. If they look wrong, save the file again as .xlsx.`,
          at: null,
          count: null,
          meta: { codePage: unknownCodePage },
        },
      ];

/**
 * A reader for .xls, by the stream that is the workbook. It finds the sheets itself and hands on nothing but
 * their values, so that neither a place that is named wrong, nor filling between them, nor what else a program
 * put there loses a sheet. Throws SpreadsheetFailure.
 */
export async function xlsReader(stream: Buffer): Promise<WorkbookReader> {
  const pages = await codePages();
  const biff = biffBook(stream, pages.utils.hascp);
  if (biff === null) return await earlierReader(stream);
  const book = await parseHeld(biff.stream);
  const names = biff.tabs.map(
    (tab, index) => nameOf(tab, biff, pages).slice(0, MAX_SHEET_NAME) || `Sheet${index + 1}`,
  );
  const sheets = biff.tabs.flatMap(({ records, visible }, index): HeldSheet[] => {
    if (records === null) return [];
    const name = names[index] ?? '';
    return [
      {
        sheet: { name, index, visible, active: index === biff.activeTab },
        content: book.Sheets[String(index)],
        isHiddenRow: (row) => records.isHiddenRow(row),
        facts: records.facts,
      },
    ];
  });
  const missing = names.filter((_, index) => biff.tabs[index]?.isMissing === true);
  if (biff.tabs.length === 0) {
    throw unreadable(
      'The file is damaged: it names no sheets. Open it in a spreadsheet program and save it as .xlsx.',
    );
  }
  if (sheets.length === 0 && missing.length > 0) {
    throw unreadable(`The file is damaged: the sheet ${missing[0]} is missing. Save it again as .xlsx.`);
  }
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  return heldReader({
    format: 'xls',
    sheets,
    tabCount: biff.tabs.length,
    date1904,
    findings: [...missing.map(missingSheet), ...codePageFindings(biff)],
  });
}
