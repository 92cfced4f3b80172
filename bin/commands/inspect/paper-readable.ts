import { columnLetters } from '../../../lib/spreadsheets/cells.ts';
import { READ_FINDINGS } from '../../../lib/spreadsheets/findings.ts';
import type { CsvReading } from '../../../lib/spreadsheets/read/reader.ts';
import type { Terminal } from '../command.ts';
import { columns, counted, printable } from '../print.ts';
import { brush } from './brush.ts';
import type { Paper } from './paper.ts';

/** Cells longer than this are cut for people, in characters; programs get them whole. */
const CELL_CHARACTERS = 40;

/** For people: a paragraph per file, in colours where the terminal shows them. */
export function readablePaper(terminal: Pick<Terminal, 'write' | 'isInteractive' | 'environment'>): Paper {
  const paint = brush(terminal);
  let rows = 0;
  const line = (text: string): void => terminal.write(`${text}\n`);

  return {
    begin: (file) => line(paint.bold(shown(file))),
    opened: ({ format, csv }) => line(`  ${[format, ...(csv === null ? [] : readingOf(csv))].join(', ')}`),
    sheet({ name, hidden }) {
      rows = 0;
      line(`  ${paint.cyan(`sheet ${shown(name)}`)}${hidden ? paint.dim(' (hidden)') : ''}`);
    },
    row(cells) {
      rows++;
      line(`    ${paint.dim(String(rows).padStart(4))}  ${cells.map(cut).join(paint.dim(' | '))}`);
    },
    tables(tables) {
      if (tables.length === 0) line(paint.dim('    no table'));
      for (const { range, headerRows, headers, types } of tables) {
        line(`    table ${paint.green(range)}, ${counted(headerRows, 'header row')}`);
        const first = firstColumn(range);
        const listed = types.map((type, column) => [
          `      ${columnLetters(first + column)}`,
          type,
          cut(headers[column] ?? '-'),
        ]);
        line(columns(listed));
      }
    },
    end(findings, failure) {
      for (const { code, message, at } of findings) {
        const word = READ_FINDINGS[code] === 'warning' ? paint.yellow('warning') : 'info   ';
        line(`  ${word} ${code}: ${at === null ? '' : `${shown(at)}: `}${shown(message)}`);
      }
      if (failure !== null) line(`  ${paint.red('failed')} ${failure.code}: ${shown(failure.message)}`);
    },
  };
}

/** On one line, without anything that a terminal would obey. */
const shown = (text: string): string => printable(text).replaceAll('\n', ' ');

function cut(text: string): string {
  const whole = shown(text.slice(0, CELL_CHARACTERS + 1));
  return whole.length > CELL_CHARACTERS ? `${whole.slice(0, CELL_CHARACTERS - 1)}…` : whole;
}

function readingOf({ encoding, dialect }: CsvReading): string[] {
  const delimiter = dialect.delimiter === '\t' ? 'tab' : JSON.stringify(dialect.delimiter);
  const quoting = dialect.quote === null ? 'no quotes' : `quote ${dialect.quote}`;
  const isDoubled = dialect.escape === null || dialect.escape === dialect.quote;
  return [encoding, `delimiter ${delimiter}`, quoting, ...(isDoubled ? [] : [`escape ${dialect.escape}`])];
}

/** The column in which a range begins, from 0. */
function firstColumn(range: string): number {
  let column = 0;
  for (const letter of /^[A-Z]+/.exec(range)?.[0] ?? 'A') column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
