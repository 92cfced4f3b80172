import { argumentsOf, type Command, Complaint, oneOf, optional, type Values } from './command.ts';
import { counted } from './print.ts';

const ARGUMENT = 'file';

export const inspectFiles: Command = {
  usage: 'inspect <file>… [--rows <number>|all] [--tables regions|ade]',
  summary: 'Show what is read in spreadsheets and CSV files, without a platform',
  notes:
    'A folder stands for every spreadsheet below it; patterns such as "in/**/*.csv" are understood where the shell leaves them alone. Shown are the format, the encoding and the dialect, sheets, tables with their headers and the types of their columns, and what was found on the way. --rows adds the cells as they were read. --tables ade finds tables as the configuration of a new workspace does, by header words. The exit code is 1 when a file could not be read. With --json, one object per line: the files, in order.',
  options: { rows: { type: 'string' }, tables: { type: 'string' } },
  argument: ARGUMENT,
  isRepeated: true,
  async act(values, terminal) {
    const names = argumentsOf(values, ARGUMENT);
    const options = {
      tables: oneOf(values, 'tables', ['regions', 'ade']) ?? 'regions',
      rows: rowsOf(values),
    };
    const { inspectAll } = await import('./inspect/inspect-all.ts');
    const { files, failed } = await inspectAll(names, options, terminal, values.json === true);
    return {
      result: undefined,
      sentence:
        failed === 0 ? `${counted(files, 'file')}.` : `${counted(files, 'file')}, of which ${failed} failed.`,
      exitCode: failed === 0 ? 0 : 1,
    };
  },
};

/** Rows to show of every sheet. @throws Complaint for what is neither a number nor `all`. */
function rowsOf(values: Values): number {
  const text = optional(values, 'rows');
  if (text === undefined) return 0;
  if (text === 'all') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Complaint(`--rows must be a number from 1, or all, not '${text}'.`, 2);
}
