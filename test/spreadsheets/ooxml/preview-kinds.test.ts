import { describe, expect, it } from 'vitest';
import { workbookSource } from '../../../lib/spreadsheets/preview/index.ts';
import { workbookBytes } from '../support/workbook.ts';

const preview = async (data: string, styles = '') =>
  (await workbookSource(workbookBytes({ sheets: [data], styles }))).first(0, {
    maxRows: 100,
    maxColumns: 100,
  });

describe('the preview of sheets as real files have them', () => {
  it('shows rows that were written in pieces, and as many as it counts', async () => {
    const cell = (place: string) =>
      `<row r="${place.slice(1)}"><c r="${place}" t="str"><v>${place}</v></c></row>`;

    expect(await preview(['A1', 'B1', 'A3', 'A2', 'C3'].map(cell).join(''))).toEqual({
      rows: [['A1', 'B1'], ['A2'], ['A3', '', 'C3']],
      totalRows: 3,
      totalColumns: 3,
    });
  });

  it('shows references in lower case and numbers as their format shows them', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>';

    expect(await preview('<row r="1"><c r="b1" s="1"><v>2494</v></c></row>', styles)).toEqual({
      rows: [['', '02494']],
      totalRows: 1,
      totalColumns: 2,
    });
  });
});
