import { describe, expect, it } from 'vitest';
import { cellLooks } from '../../lib/spreadsheets/preview/cell-looks.ts';
import { sheetPreview, workbookSource } from '../../lib/spreadsheets/preview/index.ts';
import { workbookBytes } from './support/workbook.ts';

const STYLES = [
  '<fonts count="3"><font><color theme="1"/></font><font><b/><i val="0"/><color theme="1"/></font><font><i/><color rgb="FF00ff00"/></font></fonts>',
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
  '<fill><patternFill patternType="solid"><fgColor rgb="FFFFCC00"/><bgColor indexed="64"/></patternFill></fill></fills>',
  '<cellXfs count="4"><xf fontId="0" fillId="0"/><xf fontId="1" fillId="2" applyFont="1"/>',
  '<xf fontId="2" fillId="1"><alignment horizontal="center" wrapText="1"/></xf><xf fontId="0" fillId="0" numFmtId="14"/></cellXfs>',
].join('');

const HEAD =
  '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="2" max="2" hidden="1" width="0"/></cols><sheetData>';
const cell = (place: string, value: string, style = 0) => `<c r="${place}" s="${style}"><v>${value}</v></c>`;
const SHEET = `${HEAD}<row r="1">${cell('A1', '1', 1)}${cell('B1', '2')}${cell('C1', '3')}</row><row r="3" hidden="1">${cell('A3', '4')}<c r="C3" s="2"/></row><row r="4">${cell('C4', '5', 2)}<c r="D4" s="1"/></row></sheetData></worksheet>`;

const WANTED = { maxRows: 100, maxColumns: 100 };

async function lookOf(options: Partial<Parameters<typeof sheetPreview>[1]> = {}) {
  const source = await workbookSource(workbookBytes({ sheets: [SHEET], styles: STYLES }));
  const wanted = { ...WANTED, ...options };
  const { hiddenRows, hiddenColumns, cellFormats } = sheetPreview(await source.first(0, wanted), wanted);
  return { hiddenRows, hiddenColumns, cellFormats };
}

const BOLD = {
  bgColor: '#FFCC00',
  textColor: null,
  bold: true,
  italic: false,
  horizontalAlign: null,
  wrapText: false,
};
const CENTRED = {
  bgColor: null,
  textColor: '#00FF00',
  bold: false,
  italic: true,
  horizontalAlign: 'center',
  wrapText: true,
};

describe('what a preview shows beside values', () => {
  it('hidden rows and columns, and cells that look otherwise than most', async () => {
    expect(await lookOf()).toEqual({
      hiddenRows: [2],
      hiddenColumns: [1],
      cellFormats: [
        { row: 0, column: 0, ...BOLD },
        { row: 2, column: 2, ...CENTRED },
        { row: 3, column: 2, ...CENTRED },
      ],
    });
  });

  it('inside the window alone, at the places that are shown', async () => {
    expect(await lookOf({ maxRows: 1, maxColumns: 1 })).toEqual({
      hiddenRows: [],
      hiddenColumns: [],
      cellFormats: [{ row: 0, column: 0, ...BOLD }],
    });
    expect(await lookOf({ trimEmptyRows: true })).toMatchObject({
      hiddenRows: [1],
      cellFormats: [{ row: 0 }, { row: 1 }, { row: 2 }],
    });
  });

  it('colours of a theme, lighter and darker', () => {
    const theme =
      '<a:clrScheme><a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1><a:accent1><a:srgbClr val="4472C4"/></a:accent1></a:clrScheme>';
    const styles =
      '<fonts><font/><font><color theme="4" tint="0.5"/></font><font><color theme="0" tint="-0.5"/></font><font><color indexed="10"/></font></fonts><fills><fill/></fills><cellXfs><xf/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/></cellXfs>';

    expect(cellLooks(styles, theme).map((look) => look?.textColor)).toEqual([
      undefined,
      '#A2B9E2',
      '#808080',
      undefined,
    ]);
  });

  it('nothing of a style sheet that is broken, at once', () => {
    const broken = `<fonts>${'<font '.repeat(100_000)}</fonts><cellXfs>${'<xf>'.repeat(100_000)}</cellXfs>`;

    expect(cellLooks(broken, '')).toEqual([]);
  });
});
