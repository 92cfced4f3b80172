import type { Terminal } from '../command.ts';
import type { Paper } from './paper.ts';

/** Characters that are gathered before they are written: a call for every row would take longer than the row. */
const PIECE_CHARACTERS = 64 * 1024;

/** One JSON object on a line per file, written as far as it is known, so that no sheet is held whole. */
export function jsonPaper({ write }: Pick<Terminal, 'write'>, withRows: boolean): Paper {
  let text = '';
  let isOpened = false;
  let sheets = 0;
  let rows = 0;
  let isSheetOpen = false;

  const put = (piece: string): void => {
    text += piece;
    if (text.length < PIECE_CHARACTERS) return;
    write(text);
    text = '';
  };
  const putHead = (format: string | null, csv: Parameters<Paper['opened']>[0]['csv']): void => {
    isOpened = true;
    const { encoding = null, dialect = null } = csv ?? {};
    const told = dialect && { delimiter: dialect.delimiter, quote: dialect.quote, escape: dialect.escape };
    put(`,"format":${JSON.stringify(format)},"encoding":${JSON.stringify(encoding)}`);
    put(`,"dialect":${JSON.stringify(told)},"sheets":[`);
  };
  const putTables: Paper['tables'] = (tables) => {
    put(`${withRows ? '],' : ''}"tables":${JSON.stringify(tables)}}`);
    isSheetOpen = false;
  };

  return {
    begin(file) {
      isOpened = false;
      sheets = 0;
      put(`{"file":${JSON.stringify(file)}`);
    },
    opened: ({ format, csv }) => putHead(format, csv),
    sheet({ name, hidden }) {
      rows = 0;
      isSheetOpen = true;
      put(`${sheets++ === 0 ? '' : ','}{"name":${JSON.stringify(name)},"hidden":${hidden},`);
      if (withRows) put('"rows":[');
    },
    row: (cells) => put(`${rows++ === 0 ? '' : ','}${JSON.stringify(cells)}`),
    tables: putTables,
    end(findings, failure) {
      if (!isOpened) putHead(null, null);
      if (isSheetOpen) putTables([]);
      const told = findings.map(({ code, message, at }) => ({ code, message, ...(at !== null && { at }) }));
      put(`],"findings":${JSON.stringify(told)},"failure":${JSON.stringify(failure)}}\n`);
      write(text);
      text = '';
    },
  };
}
